/** The journal as an append-only file, a line an entry, fsynced, under a lock that processes share. POSIX file systems. */
import * as nodeFiles from 'node:fs';
import { dirname } from 'node:path';
import { GauzeError } from '../../errors.ts';
import { isCheckpointAfter, isWhole } from '../journal.ts';
import type { Store } from '../ledger.ts';
import { acquire, type FileSystem, unlock } from './lock.node.ts';

const NEWLINE = 10;

/**
 * Store over one file, made with mode 0600. Bytes after the last line end are an append that a crash tore and nobody was
 * told of: they are not read, and cut off before the next append. Where only the line end is missing the entry counts.
 * `files` lets tests fail each operation.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE when the file cannot be opened
 */
export function fileStore(path: string, files: FileSystem = nodeFiles): Store {
  const journal = new JournalFile(path, files);
  const lock = `${path}.lock`;
  let turn: Promise<unknown> = Promise.resolve();

  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const mine = await acquire(lock, files).catch(() => {
      throw unavailable();
    });
    try {
      return await work();
    } finally {
      unlock(lock, mine, files);
    }
  };

  return {
    read: async (known) => guarded(() => journal.read(known)),
    append: async (entry, known) => guarded(() => journal.append(entry, known)),
    moveOn: async (known) => guarded(() => journal.moveOn(known)),
    exclusively: (work) => {
      const done = turn.then(() => locked(work));
      turn = done.catch(() => undefined);
      return done;
    },
    close: async () => {
      await turn;
      journal.close();
    },
  };
}

class JournalFile {
  readonly #path: string;
  readonly #files: FileSystem;
  #file: number;
  /** `#ends[i]`: offset after entry i, before its line end. */
  readonly #ends: number[] = [];
  #open = true;

  constructor(path: string, files: FileSystem) {
    this.#path = path;
    this.#files = files;
    this.#file = guarded(() => files.openSync(path, 'a+', 0o600));
    guarded(() => syncFolder(dirname(path), files));
  }

  read(known: number): Uint8Array[] {
    const from = this.#end(known);
    const bytes = this.#bytesFrom(from);
    if (known > 0 && bytes.length > 0 && bytes[0] !== NEWLINE) throw replaced('was changed');
    this.#ends.length = known;
    const entries: Uint8Array[] = [];
    const add = (start: number, end: number): void => {
      entries.push(bytes.slice(start, end));
      this.#ends.push(from + end);
    };
    let start = known > 0 && bytes.length > 0 ? 1 : 0;
    for (let end = bytes.indexOf(NEWLINE, start); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      add(start, end);
      start = end + 1;
    }
    if (isWhole(bytes.subarray(start))) add(start, bytes.length);
    return entries;
  }

  append(entry: Uint8Array, known: number): void {
    if (this.#isReplaced()) throw replaced('was replaced or removed');
    if (this.read(known).length > 0) {
      throw new GauzeError('LEDGER_CONFLICT', { message: 'Another charge was appended first.', next: 'Ask again.' });
    }
    const { size } = this.#files.fstatSync(this.#file);
    const last = this.#end(known);
    // `read` saw a line end after the last entry, if anything: the rest is torn.
    const lineEnd = known > 0 && size === last;
    const end = known > 0 && !lineEnd ? last + 1 : last;
    if (size > end) this.#files.ftruncateSync(this.#file, end);
    const line = new Uint8Array(entry.length + (lineEnd ? 2 : 1)).fill(NEWLINE);
    line.set(entry, lineEnd ? 1 : 0);
    try {
      for (let at = 0; at < line.length; ) at += this.#files.writeSync(this.#file, line, at, line.length - at);
      this.#files.fdatasyncSync(this.#file);
    } catch (error) {
      this.#undo(end);
      throw error;
    }
    this.#ends.push(end + line.length - 1);
  }

  /** What was archived is still there for whoever has it open, to its last entry. */
  moveOn(known: number): boolean {
    if (!this.#isReplaced()) return false;
    const next = known === 0 ? null : this.#next(this.#entry(known - 1));
    if (next === null) throw replaced('was replaced or removed');
    this.#files.closeSync(this.#file);
    this.#file = next;
    this.#ends.length = 0;
    return true;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.#files.closeSync(this.#file);
    } catch {
      // Every entry was synced when it was appended.
    }
  }

  /**
   * Takes back an append that failed before anyone was told of it, so that the next one writes its pages anew: after a
   * failed sync a platform may hold pages for clean that never reached the disk.
   */
  #undo(end: number): void {
    try {
      this.#files.ftruncateSync(this.#file, end);
    } catch {
      // What stays is cut off later, or counts as spent if it is whole.
    }
  }

  #end(known: number): number {
    return known === 0 ? 0 : (this.#ends[known - 1] as number);
  }

  #bytesFrom(from: number): Uint8Array {
    const { size } = this.#files.fstatSync(this.#file);
    if (size < from) throw replaced('became shorter');
    return this.#bytes(this.#file, from, size);
  }

  #bytes(file: number, from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(to - from);
    for (let filled = 0; filled < bytes.length; ) {
      const count = this.#files.readSync(file, bytes, filled, bytes.length - filled, from + filled);
      if (count === 0) throw replaced('became shorter');
      filled += count;
    }
    return bytes;
  }

  #entry(index: number): Uint8Array {
    return this.#bytes(this.#file, index === 0 ? 0 : this.#end(index) + 1, this.#end(index + 1));
  }

  #isReplaced(): boolean {
    const { ino, dev } = this.#files.fstatSync(this.#file);
    const named = this.#files.statSync(this.#path, { throwIfNoEntry: false });
    return named?.ino !== ino || named.dev !== dev;
  }

  /** The file that has the name now, open, if it begins with a checkpoint that follows this entry; else null. */
  #next(last: Uint8Array): number | null {
    if (this.#files.statSync(this.#path, { throwIfNoEntry: false }) === undefined) return null;
    const file = this.#files.openSync(this.#path, 'a+', 0o600);
    try {
      const bytes = this.#bytes(file, 0, this.#files.fstatSync(file).size);
      const end = bytes.indexOf(NEWLINE);
      if (end > 0 && isCheckpointAfter(bytes.subarray(0, end), last)) return file;
    } catch (error) {
      this.#files.closeSync(file);
      throw error;
    }
    this.#files.closeSync(file);
    return null;
  }
}

function syncFolder(folder: string, files: FileSystem): void {
  const file = files.openSync(folder, 'r');
  try {
    files.fsyncSync(file);
  } finally {
    files.closeSync(file);
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

function replaced(how: string): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: `The journal ${how} while it was open.`,
    next: 'Open it again. If it is refused then, too, restore it from a backup that is at least as new.',
  });
}
