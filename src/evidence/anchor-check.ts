/** Whether a chain holds what an anchor has seen. */
import { type Anchor, readAnchor } from '../charge/anchor.ts';
import type { ReadEntry } from '../charge/journal.ts';
import type { Fault } from './fault.ts';

export class AnchorCheck {
  readonly #anchor: Anchor;

  /** @throws GauzeError CRYPTO_DECODE when the text is no anchor, or its signature is not its key's */
  constructor(text: string) {
    this.#anchor = readAnchor(text).anchor;
  }

  /** Number of the newest entry it has seen, from 1. */
  get entry(): number {
    return this.#anchor.sequence + 1;
  }

  /** Why the entry is not the one that the anchor has seen in its place. */
  fault({ entry, hash }: ReadEntry): string | null {
    if (entry.sequence !== this.#anchor.sequence || hash === this.#anchor.hash) return null;
    return 'it is another entry than the anchor has seen in its place';
  }

  /** What the chain lacks. */
  missing(entries: number): Fault | null {
    if (entries >= this.entry) return null;
    return { entry: entries + 1, why: `it is missing: the anchor has seen ${this.entry} entries` };
  }
}
