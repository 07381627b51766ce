/**
 * Alerts in a file, a JSON line each. The file itself remembers what was told: a line names the entry that gave rise to
 * it by its hash, and the same entries always give the same alerts. So whoever replays the journal adds exactly what is
 * missing, be it after a restart, after a crash between two lines, or beside another process.
 *
 * Alerts arise where an entry is read or appended, which every store does while nobody else appends. Two processes
 * therefore never write at the same time, as long as they share the journal's lock.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Alert } from './alert.ts';

/** What became of an alert: `new` in the file, there before (`told`), or not to be written now. */
export type Taken = 'new' | 'told' | 'failed';

/** Alerts that wait for a file that cannot be written; older ones come again when the journal is replayed. */
const WAITING_MOST = 1000;
const NEWLINE = 10;

/** An alert, and which of those its entry gave rise to it is. */
interface Numbered {
  readonly alert: Alert;
  readonly ordinal: number;
}

/** Takes the alerts of one replay of a journal, in their order; never throws. */
export function fileSink(path: string): (alert: Alert) => Taken {
  const lines = new Lines(path);
  let last: Numbered | null = null;
  let waiting: Numbered[] = [];
  return (alert) => {
    const ordinal: number = last?.alert.entry.hash === alert.entry.hash ? last.ordinal + 1 : 0;
    last = { alert, ordinal };
    waiting.push(last);
    let taken: Taken = 'failed';
    try {
      for (let one = waiting[0]; one !== undefined; one = waiting[0]) {
        taken = lines.add(one) ? 'new' : 'told';
        waiting.shift();
      }
    } catch {
      taken = 'failed';
      waiting = waiting.slice(-WAITING_MOST);
    }
    return taken;
  };
}

/** The lines of the file, counted by the entries they name. */
class Lines {
  readonly #path: string;
  readonly #counts: Map<string, number> = new Map();
  #known = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds an alert unless the file has it; whether it did. @throws what the platform throws */
  add({ alert, ordinal }: Numbered): boolean {
    const file = openSync(this.#path, 'a+', 0o600);
    try {
      this.#read(file);
      const { hash } = alert.entry;
      if ((this.#counts.get(hash) ?? 0) > ordinal) return false;
      // What a crash left of a line that was not finished.
      if (fstatSync(file).size > this.#known) ftruncateSync(file, this.#known);
      const line = Buffer.from(`${JSON.stringify(alert)}\n`);
      if (writeSync(file, line) < line.length) throw new Error('The line was not written whole.');
      this.#count(hash);
      this.#known += line.length;
      return true;
    } finally {
      closeSync(file);
    }
  }

  /** Reads what others added since. A file that became shorter is another one. */
  #read(file: number): void {
    const { size } = fstatSync(file);
    if (size < this.#known) {
      this.#counts.clear();
      this.#known = 0;
    }
    const bytes = Buffer.alloc(size - this.#known);
    const read = bytes.subarray(0, bytes.length === 0 ? 0 : readSync(file, bytes, 0, bytes.length, this.#known));
    const end = read.lastIndexOf(NEWLINE) + 1;
    for (const line of read.subarray(0, end).toString('utf8').split('\n')) {
      const hash = /"hash":"([0-9a-f]{64})"\}\}$/.exec(line)?.[1];
      if (hash !== undefined) this.#count(hash);
    }
    this.#known += end;
  }

  #count(hash: string): void {
    this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
  }
}
