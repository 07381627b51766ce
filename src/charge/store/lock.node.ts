/**
 * A lock between processes that survives their death. The folder holds numbered files; the highest number is the state:
 * it names a holder, or nobody. Who finds it free, or its holder dead, links the next number, which only one can; a
 * live holder is never robbed, and numbers never go back.
 */
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from '../../crypto/entropy.ts';

/** Every lock file has this many bytes, so that giving it back is one overwrite that no reader sees half of. */
const LENGTH = 64;
const FREE = 'free'.padEnd(LENGTH);
const OWN = identity(process.pid).padEnd(LENGTH);

/** Takes the lock in `folder`; its number, or null when a live process holds it or another was first. */
export function tryLock(folder: string): number | null {
  const newest = highest(folder);
  if (newest > 0 && alive(read(join(folder, String(newest))))) return null;
  const mine = newest + 1;
  // Written whole under a name of its own first, so that nobody ever reads half a holder.
  const draft = join(folder, `draft-${[...randomBytes(8)].join('-')}`);
  writeFileSync(draft, OWN, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, join(folder, String(mine)));
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return null;
    throw error;
  } finally {
    unlinkSync(draft);
  }
  if (highest(folder) !== mine) {
    unlinkSync(join(folder, String(mine)));
    return null;
  }
  remove(join(folder, String(newest)));
  return mine;
}

/** Gives the lock back. */
export function unlock(folder: string, mine: number): void {
  const file = openSync(join(folder, String(mine)), 'r+');
  writeSync(file, FREE, 0);
  closeSync(file);
}

function highest(folder: string): number {
  let newest = 0;
  for (const name of list(folder)) if (/^\d+$/.test(name)) newest = Math.max(newest, Number(name));
  return newest;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return [];
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another holder cleaned up first.
  }
}

/** A process by number and start, since numbers are used again. */
function identity(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  const started = stat === null ? '' : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '');
  return `${pid} ${started}`;
}

/** Whether a lock's text names a living process; a file that vanished was replaced, so it counts as held. */
function alive(holder: string | null): boolean {
  if (holder === null) return true;
  const pid = Number(holder.split(' ')[0]);
  if (holder.startsWith('free') || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
  return identity(pid) === holder.trimEnd();
}
