/** Compares a vector file with the implementation. */
import { KINDS } from './kinds.ts';

/** One known answer. Tolerances: see the file's own conventions. */
export interface VectorCase {
  readonly id: string;
  readonly kind: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly tolerance: Readonly<Record<string, number | boolean>>;
}

export interface Outcome {
  readonly passed: number;
  readonly failures: readonly string[];
  /** Kinds not built yet, with their number of cases. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Checks every case of a file. */
export function checkVectors(cases: readonly VectorCase[]): Outcome {
  let passed = 0;
  const failures: string[] = [];
  const skipped = new Map<string, number>();
  for (const one of cases) {
    const compute = KINDS[one.kind];
    if (compute === undefined) {
      skipped.set(one.kind, (skipped.get(one.kind) ?? 0) + 1);
      continue;
    }
    const result = attempt(() => compute(one.inputs));
    if (agrees(result, one.expected, one.tolerance)) passed += 1;
    else failures.push(`${one.id}: expected ${JSON.stringify(one.expected)}, got ${JSON.stringify(result)}`);
  }
  return { passed, failures, skipped };
}

function agrees(result: unknown, expected: unknown, tolerance: VectorCase['tolerance']): boolean {
  if (tolerance.exact === true) return result === expected;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(result) &&
      result.length === expected.length &&
      expected.every((value, index) => agrees(result[index], value, tolerance))
    );
  }
  if (typeof result !== 'number' || typeof expected !== 'number' || Number.isNaN(result)) return false;
  if (typeof tolerance.below === 'number') {
    return (
      result >= expected * (1 - tolerance.below) &&
      result <= expected * (1 + Number(tolerance.above_rel ?? 0)) + Number(tolerance.above_abs ?? 0)
    );
  }
  const error = Math.abs(result - expected);
  return (
    (typeof tolerance.rel === 'number' && error <= tolerance.rel * Math.abs(expected)) ||
    (typeof tolerance.abs === 'number' && error <= tolerance.abs)
  );
}

function attempt(compute: () => unknown): unknown {
  try {
    return compute();
  } catch (error) {
    return String(error);
  }
}
