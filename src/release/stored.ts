/** Noisy answers as text, for answer stores: what comes back is what went in, to the last bit. */
import type { Value } from '../ask/types.ts';
import { GauzeError } from '../errors.ts';
import type { NoisyAnswer, NoisyColumn, NoisyQuestion, NoisySet } from './noisy.ts';

const FORMAT = 'gauze-answer-1';

/** A value's kind and its text: doubles keep −0 and infinities, big integers every digit. */
type StoredValue = null | boolean | string | readonly ['n' | 'i', string];
type StoredColumn = { readonly doubles: readonly number[] } | { readonly integers: readonly string[] } | null;

interface StoredSet {
  readonly groups: number;
  readonly keys: readonly (readonly StoredValue[])[];
  readonly statistics: readonly StoredColumn[];
}

/** Lossless JSON of noisy statistics. */
export function toStored(answer: NoisyAnswer): string {
  const questions = answer.questions.map((question) => ({ sets: question.sets.map(storedSet) }));
  return JSON.stringify({ format: FORMAT, questions });
}

/** @throws GauzeError CRYPTO_DECODE when the text is no stored answer */
export function fromStored(text: string): NoisyAnswer {
  try {
    const parsed = JSON.parse(text) as { format: unknown; questions: readonly { sets: readonly StoredSet[] }[] };
    if (parsed.format !== FORMAT) throw unreadable();
    return { questions: parsed.questions.map((question): NoisyQuestion => ({ sets: question.sets.map(noisySet) })) };
  } catch {
    throw unreadable();
  }
}

function storedSet(set: NoisySet): StoredSet {
  return {
    groups: set.groups,
    keys: set.keys.map((column) => column.map(storedValue)),
    statistics: set.statistics.map((column): StoredColumn => {
      if (column === null) return null;
      // −0 is not kept: noisy statistics are integers.
      return column instanceof Float64Array ? { doubles: Array.from(column) } : { integers: column.map(String) };
    }),
  };
}

function noisySet(set: StoredSet): NoisySet {
  return {
    groups: set.groups,
    keys: set.keys.map((column) => column.map(restored)),
    statistics: set.statistics.map((column): NoisyColumn | null => {
      if (column === null) return null;
      return 'doubles' in column ? Float64Array.from(column.doubles) : column.integers.map(BigInt);
    }),
  };
}

function storedValue(value: Value): StoredValue {
  if (typeof value === 'bigint') return ['i', value.toString()];
  if (typeof value === 'number') return ['n', Object.is(value, -0) ? '-0' : String(value)];
  return value;
}

function restored(value: StoredValue): Value {
  if (!Array.isArray(value)) return value as Value;
  const [kind, text] = value as readonly ['n' | 'i', string];
  return kind === 'i' ? BigInt(text) : Number(text);
}

function unreadable(): GauzeError {
  return new GauzeError('CRYPTO_DECODE', {
    message: 'A stored answer cannot be read.',
    next: 'Restore the answers folder from a backup; asking anew would charge again.',
  });
}
