import seedrandom from 'seedrandom';

/**
 * 32-bit stream constants for named variables, drawn in the order given: appending a name changes no earlier constant.
 * For synthetic data only.
 */
export function streamConstants<Name extends string>(
  seed: string,
  names: readonly Name[],
): Readonly<Record<Name, number>> {
  const random = seedrandom(seed);
  return Object.fromEntries(names.map((name) => [name, random.int32() >>> 0])) as Record<Name, number>;
}
