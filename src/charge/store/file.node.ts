/** The journal as an append-only file, a line an entry, fsynced, under a lock that processes share. */
import { closeSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GauzeError } from '../../errors.ts';
import type { Store } from '../ledger.ts';
import { tryLock, unlock } from './lock.node.ts';

const NEWLINE = 10;
const LOCK_WAIT_MS = 30_000;

/** File operations, so that tests can make each of them fail. */
export interface FileOperations {
  readonly write: typeof writeSync;
  readonly sync: typeof fdatasyncSync;
  readonly truncate: typeof ftruncateSync;
}

const PLATFORM: FileOperations = { write: writeSync, sync: fdatasyncSync, truncate: ftruncateSync };

/**
 * Store over one file, made with mode 0600. A last line without its end is a torn append that nobody was told of: it is
 * not read, and cut off before the next append.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE when the file cannot be opened, written or synced
 */
export function fileStore(path: string, operations: FileOperations = PLATFORM): Store {
  const file = guarded(() => {
    const descriptor = openSync(path, 'a+', 0o600);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
    return descriptor;
  });
  /** ends[i]: offset after entry i. */
  const ends: number[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let open = true;

  const read = (known: number): Uint8Array[] =>
    guarded(() => {
      const from = known === 0 ? 0 : (ends[known - 1] as number);
      const size = fstatSync(file).size;
      if (size < from) throw shortened();
      const bytes = new Uint8Array(size - from);
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, from + filled);
        if (count === 0) break;
        filled += count;
      }
      ends.length = known;
      const entries: Uint8Array[] = [];
      for (
        let start = 0, end = bytes.indexOf(NEWLINE);
        end >= 0;
        start = end + 1, end = bytes.indexOf(NEWLINE, start)
      ) {
        entries.push(bytes.slice(start, end));
        ends.push(from + end + 1);
      }
      return entries;
    });

  const append = (entry: Uint8Array, known: number): void =>
    guarded(() => {
      if (read(known).length > 0) {
        throw new GauzeError('LEDGER_CONFLICT', { message: 'Another charge was appended first.', next: 'Ask again.' });
      }
      const end = known === 0 ? 0 : (ends[known - 1] as number);
      if (fstatSync(file).size > end) operations.truncate(file, end);
      const line = new Uint8Array(entry.length + 1);
      line.set(entry);
      line[entry.length] = NEWLINE;
      for (let written = 0; written < line.length; )
        written += operations.write(file, line, written, line.length - written);
      operations.sync(file);
      ends.push(end + line.length);
    });

  return {
    read: async (known) => read(known),
    append: async (entry, known) => append(entry, known),
    exclusively: (work) => {
      const done = turn.then(() => locked(`${path}.lock`, work));
      turn = done.catch(() => undefined);
      return done;
    },
    close: async () => {
      await turn;
      if (open) closeSync(file);
      open = false;
    },
  };
}

async function locked<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  let mine = guarded(() => tryLock(lock));
  while (mine === null) {
    if (Date.now() > deadline) throw unavailable();
    await wait(1 + (Date.now() % 4));
    mine = guarded(() => tryLock(lock));
  }
  try {
    return await work();
  } finally {
    unlock(lock, mine);
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GauzeError ? error : unavailable();
  }
}

function unavailable(): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: 'The journal cannot be read or written, so nothing is answered.',
    next: 'Check the folder beside the policy: free space, permissions, and whether another process holds its lock.',
  });
}

function shortened(): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: 'The journal became shorter while it was open.',
    next: 'Restore it from a backup that is at least as new.',
  });
}
