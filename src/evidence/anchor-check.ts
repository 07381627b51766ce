/** Whether a chain holds what an anchor has seen. */
import { type Anchor, readAnchor } from '../charge/anchor.ts';
import type { ReadEntry } from '../charge/journal.ts';
import { hasSpent } from '../charge/landmarks.ts';
import type { Replay } from '../charge/replay.ts';
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
    const { sequence, hash: known } = this.#anchor;
    if (entry.sequence === sequence && hash !== known)
      return 'it is another entry than the anchor has seen in its place';
    const isArchived = entry.content.kind === 'checkpoint' && entry.sequence === sequence + 1;
    return isArchived && entry.previous !== known
      ? 'the archived entry before it is another than the anchor has seen'
      : null;
  }

  /**
   * What the chain lacks: entries, or of archived ones what they had spent.
   *
   * @param archived - how many entries a checkpoint stands for
   */
  missing(state: Replay, archived: number): Fault | null {
    const { length } = state;
    if (length < this.entry) {
      return { entry: length + 1, why: `it is missing: the anchor has seen ${this.entry} entries` };
    }
    if (hasSpent(state, this.#anchor.spent)) return null;
    return { entry: archived + 1, why: 'it states less spent than the anchor has seen' };
  }
}
