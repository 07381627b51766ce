/** Statistics that are noised as one vector and charged once: a unit moves them together by no more than one of them. */
export interface Vector {
  /** Indices into the statistics of the question, in order; each statistic is in one vector at most. */
  readonly statistics: readonly number[];
  /**
   * What is noised: false, the statistics, of which a unit moves at most one in any group; true, each less the one before
   * it, which counts a part of the same rows.
   */
  readonly nested: boolean;
}

/** The vector a statistic is noised in; a statistic that shares its noise with none is a vector by itself. */
export function vectorOf(vectors: readonly Vector[], statistic: number): Vector {
  return vectors.find(({ statistics }) => statistics.includes(statistic)) ?? { statistics: [statistic], nested: false };
}

/** The statistic that is subtracted before noise is added; null where none is. */
export function subtractedFrom(vectors: readonly Vector[], statistic: number): number | null {
  const { statistics, nested } = vectorOf(vectors, statistic);
  return nested ? (statistics[statistics.indexOf(statistic) - 1] ?? null) : null;
}
