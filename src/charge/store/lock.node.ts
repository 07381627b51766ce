/**
 * A lock between processes that survives their death. The folder holds numbered files; the highest number is the state:
 * it names a holder, or nobody. Who finds it free, or its holder dead, links the next number, which only one can; a
 * live holder is never robbed, and numbers never go back.
 */
import type * as nodeFiles from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { randomBytes } from '../../crypto/entropy.ts';
import { identity, isDead } from './process.node.ts';

/** File operations of the journal and its lock. */
export type FileSystem = Pick<
  typeof nodeFiles,
  | 'closeSync'
  | 'fdatasyncSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'linkSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'readSync'
  | 'statSync'
  | 'unlinkSync'
  | 'writeFileSync'
  | 'writeSync'
>;

const LOCK_WAIT_MS = 30_000;
/** Every lock file has this many bytes, so that giving it back is one overwrite that no reader sees half of. */
const LENGTH = 96;
const FREE = 'free'.padEnd(LENGTH);
/** This copy of this module in this process: threads have one each. */
const OWN = `${identity()} ${[...randomBytes(6)].join('.')}`.padEnd(LENGTH);

/** Lock files that name this copy and mean it. One left behind because giving it back failed is not among them. */
const held = new Set<string>();

/**
 * Waits for the lock in `folder` and takes it; its number.
 *
 * @throws Error when it is not free within half a minute, and what `files` throws
 */
export async function acquire(folder: string, files: FileSystem): Promise<number> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const mine = tryLock(folder, files);
    if (mine !== null) return mine;
    if (performance.now() > deadline) throw new Error('Another process keeps the lock.');
    await wait(1 + (Date.now() % 4));
  }
}

/** Takes the lock in `folder`; its number, or null when a live process holds it or another was first. */
export function tryLock(folder: string, files: FileSystem): number | null {
  const newest = highest(folder, files);
  if (newest > 0 && !isFree(join(folder, String(newest)), files)) return null;
  const mine = newest + 1;
  const path = join(folder, String(mine));
  if (!place(folder, path, files)) return null;
  held.add(path);
  try {
    if (highest(folder, files) === mine) {
      remove(join(folder, String(newest)), files);
      return mine;
    }
  } catch (error) {
    held.delete(path);
    throw error;
  }
  held.delete(path);
  remove(path, files);
  return null;
}

/** Gives the lock back. Should that fail, this process may take it again at once, others when this one ends. */
export function unlock(folder: string, mine: number, files: FileSystem): void {
  const path = join(folder, String(mine));
  held.delete(path);
  try {
    const file = files.openSync(path, 'r+');
    try {
      files.writeSync(file, FREE, 0);
    } finally {
      files.closeSync(file);
    }
  } catch {
    // What was done under the lock is durable all the same.
  }
}

/** Makes the lock file, whole from its first moment, unless another was first. */
function place(folder: string, path: string, files: FileSystem): boolean {
  const draft = join(folder, `draft-${[...randomBytes(8)].join('-')}`);
  try {
    files.writeFileSync(draft, OWN, { mode: 0o600, flag: 'wx' });
    files.linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  } finally {
    remove(draft, files);
  }
}

function highest(folder: string, files: FileSystem): number {
  let newest = 0;
  for (const name of list(folder, files)) if (/^\d+$/.test(name)) newest = Math.max(newest, Number(name));
  return newest;
}

function list(folder: string, files: FileSystem): string[] {
  try {
    return files.readdirSync(folder);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    files.mkdirSync(folder, { recursive: true, mode: 0o700 });
    return [];
  }
}

/** Whether a lock file names nobody or a dead process; one that cannot be read was replaced, so it counts as held. */
function isFree(path: string, files: FileSystem): boolean {
  let holder: string;
  try {
    holder = files.readFileSync(path, 'utf8');
  } catch {
    return false;
  }
  if (holder === OWN) return !held.has(path);
  // A power cut can leave a lock file empty.
  return holder === FREE || holder === '' || isDead(holder.trimEnd());
}

function remove(path: string, files: FileSystem): void {
  try {
    files.unlinkSync(path);
  } catch {
    // Gone already, or left over: files below the highest number mean nothing.
  }
}
