/** Sets that say how far something reaches. */

/** Members of one set and not of another; null is everything there is. */
export function* reachWidenings(
  where: string,
  before: ReadonlySet<string> | null,
  after: ReadonlySet<string> | null,
  verb: string,
): Generator<string> {
  if (before === null) return;
  if (after === null) yield `${where} ${verb} for every purpose.`;
  else for (const name of added(before, after)) yield `${where} ${verb} for ${name}.`;
}

/** What stands in the second and not in the first. */
export function added<T>(before: Iterable<T>, after: Iterable<T>): readonly T[] {
  const known = new Set(before);
  return [...after].filter((one) => !known.has(one));
}

/** Whether two parts of a policy say the same; exact numbers, maps and sets included. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [inA, inB] = [membersOf(a), membersOf(b)];
  return (
    inA.length === inB.length &&
    inA.every(([key, value], index) => {
      const other = inB[index]!;
      return isSame(key, other[0]) && isSame(value, other[1]);
    })
  );
}

function membersOf(value: object): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  return value instanceof Set ? [...value].map((one) => [one, null]) : Object.entries(value);
}
