/** The recent past, by key. */
import { WATCH_MOST } from '../policy/fields/watch.ts';

/** Additions between two looks for keys that nothing recent stands under. */
const SWEEP = 1000;

/** Things that happened within a span of time, by key, oldest first; at most `WATCH_MOST` of a key. */
export class Recent<Item> {
  readonly #byKey: Map<string, { readonly at: number; readonly item: Item }[]> = new Map();
  #added = 0;

  /** Those under a key that happened after `since`, ms. */
  of(key: string, since: number): readonly Item[] {
    const list = this.#byKey.get(key);
    if (list === undefined) return [];
    const old = list.findIndex(({ at }) => at > since);
    list.splice(0, old < 0 ? list.length : old);
    return list.map(({ item }) => item);
  }

  /** Adds one; what happened up to `since` is forgotten. */
  add(key: string, item: Item, at: number, since: number): void {
    const list = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, list);
    list.push({ at, item });
    if (list.length > WATCH_MOST) list.shift();
    this.#added += 1;
    if (this.#added % SWEEP !== 0) return;
    for (const [other, { length, [length - 1]: last }] of this.#byKey) {
      if (last === undefined || last.at <= since) this.#byKey.delete(other);
    }
  }
}
