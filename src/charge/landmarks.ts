/** Whether places that were noted elsewhere lie in a journal, those before a checkpoint included. */
import type { Anchor } from './anchor.ts';
import type { ReadEntry } from './journal.ts';
import type { Place } from './place.ts';
import type { Replay } from './replay.ts';
import { readSpend } from './written.ts';

/** Watches a journal go by. */
export class Landmarks {
  readonly #wanted: ReadonlySet<number>;
  readonly #hashes: Map<number, string> = new Map();
  #first: ReadEntry | null = null;

  constructor(places: readonly Place[]) {
    this.#wanted = new Set(places.map(({ sequence }) => sequence));
  }

  see(read: ReadEntry): void {
    const { sequence, previous } = read.entry;
    if (this.#first === null) {
      this.#first = read;
      if (this.#wanted.has(sequence - 1)) this.#hashes.set(sequence - 1, previous);
    }
    if (this.#wanted.has(sequence)) this.#hashes.set(sequence, read.hash);
  }

  /**
   * Whether the chain that went by has this entry at this place. What lies so far before a checkpoint that no hash tells it
   * is believed where the checkpoint is signed.
   */
  hasSeen({ sequence, hash }: Place): boolean {
    const known = this.#hashes.get(sequence);
    if (known !== undefined) return known === hash;
    return this.isBefore({ sequence }) && this.#first?.signature !== null;
  }

  /** Whether what an anchor has seen is in the journal, in its sums at least. */
  holds(anchor: Anchor, state: Replay): boolean {
    return this.hasSeen(anchor) && (!this.isBefore(anchor) || hasSpent(state, anchor.spent));
  }

  /** Whether the journal begins behind it. */
  isBefore({ sequence }: Pick<Place, 'sequence'>): boolean {
    return this.#first !== null && sequence < this.#first.entry.sequence;
  }
}

/** Whether every account has lost as much as an anchor says, or more. */
export function hasSpent({ book }: Replay, spent: Anchor['spent']): boolean {
  return spent.every(({ account, spend }) => {
    const [was, is] = [readSpend(spend), book.spentOf(account, null, null)];
    return is.epsilon >= was.epsilon && is.delta >= was.delta && is.rho >= was.rho && is.rhoDelta >= was.rhoDelta;
  });
}
