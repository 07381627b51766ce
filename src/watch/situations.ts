/** What was told and still goes on. */

/** Situations are told once: when a number reaches its threshold, and again only after it was at half of it or below. */
export class Situations {
  readonly #told: Set<string> = new Set();

  /**
   * Whether a situation begins here.
   *
   * @param before - the number as it was just before
   */
  begins(key: string, before: number, now: number, threshold: number): boolean {
    if (before <= threshold / 2) this.#told.delete(key);
    if (now < threshold || this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }
}
