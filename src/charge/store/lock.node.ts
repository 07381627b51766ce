/**
 * A lock between processes that survives their death. The folder holds numbered files; the highest number is the state:
 * it names a holder, or nobody. Who finds it free, or its holder dead, links the next number, which only one can; a
 * live holder is never robbed, and numbers never go back.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from '../../crypto/entropy.ts';

const FREE = 'free';

/** Takes the lock in `folder`; its number, or null when a live process holds it or another was first. */
export function tryLock(folder: string): number | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const newest = highest(folder);
  if (newest > 0 && alive(read(join(folder, String(newest))))) return null;
  const mine = newest + 1;
  const draft = write(folder, identity(process.pid));
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
  for (const older of numbers(folder)) if (older < mine) remove(join(folder, String(older)));
  return mine;
}

/** Gives the lock back. */
export function unlock(folder: string, mine: number): void {
  renameSync(write(folder, FREE), join(folder, String(mine)));
}

/** A whole file under a name of its own, so that nobody ever reads half of one. */
function write(folder: string, text: string): string {
  const tag = [...randomBytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const path = join(folder, `draft-${tag}`);
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  return path;
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function highest(folder: string): number {
  return Math.max(0, ...numbers(folder));
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
  if (holder === FREE || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
  return identity(pid) === holder;
}
