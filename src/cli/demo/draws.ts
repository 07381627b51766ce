/**
 * Uniform draws as SQL: a 32-bit integer mix of (id, stream constant), the same on every engine. Streams are named; their
 * constants come from one seed in this fixed order, so a new variable is appended, never put in between.
 */
import { streamConstants } from '../../dp/simulation/streams.ts';

const STREAMS = [
  'site',
  'age',
  'sex',
  'race',
  'zip3',
  'insurance',
  'optOut',
  'frailty',
  'diabetes',
  'hypertension',
  'ckd',
  'copd',
  'depression',
  'rare',
  'visits',
  'shift',
  'visitType',
  'visitDate',
  'los',
  'cost',
  'discharge',
  'readmit',
  'readmitGap',
  'labs',
  'labDate',
  'labKind',
  'labValue',
  'labMissing',
  'labOutlier',
  'drugs',
  'drugDate',
  'drugX',
  'drugXArm',
  'death',
  'deathDate',
  'second',
  'token',
  'labTail',
  'conditionDate',
  'days',
  'sbp',
] as const;

export type Stream = (typeof STREAMS)[number];

/** Makes `u('age', 'person_id')`: SQL of a double in (0, 1), uniform, fixed by seed, stream and id. */
export function drawsOf(seed: string): (stream: Stream, id: string) => string {
  const constants = streamConstants(seed, STREAMS);
  return (stream, id) => `u01(${id}, ${constants[stream]})`;
}

/** Macros the generator's statements rely on; every product stays below 2^64. */
export const DRAW_MACROS: readonly string[] = [
  'CREATE OR REPLACE TEMP MACRO x16(x) AS xor(x, x >> 16)',
  'CREATE OR REPLACE TEMP MACRO x13(x) AS xor(x, x >> 13)',
  `CREATE OR REPLACE TEMP MACRO mix32(x) AS
     x16((x13((x16(x) * 2246822507::UBIGINT) & 4294967295::UBIGINT) * 3266489909::UBIGINT) & 4294967295::UBIGINT)`,
  `CREATE OR REPLACE TEMP MACRO u01(id, stream) AS
     (mix32((mix32((id)::UBIGINT & 4294967295::UBIGINT) + (stream)::UBIGINT) & 4294967295::UBIGINT) + 0.5::DOUBLE) / 4294967296.0::DOUBLE`,
  'CREATE OR REPLACE TEMP MACRO interp(u, q, n) AS q[floor(u * n)::INTEGER + 1] + (q[floor(u * n)::INTEGER + 2] - q[floor(u * n)::INTEGER + 1]) * (u * n - floor(u * n))',
];

const NORMAL = [
  -3, -1.862732, -1.534121, -1.318011, -1.150349, -1.00999, -0.887147, -0.776422, -0.67449, -0.579132, -0.488776,
  -0.40225, -0.318639, -0.237202, -0.157311, -0.078412, 0, 0.078412, 0.157311, 0.237202, 0.318639, 0.40225, 0.488776,
  0.579132, 0.67449, 0.776422, 0.887147, 1.00999, 1.150349, 1.318011, 1.534121, 1.862732, 3,
];

/** SQL of a standard normal draw, clipped at ±3, from SQL of a uniform one. */
export function normal(uniform: string): string {
  return `interp(${uniform}, ${doubles(NORMAL)}, 32)`;
}

/** SQL of a draw by a table of equally spaced quantiles, linear between them. */
export function byQuantiles(uniform: string, quantiles: readonly number[]): string {
  return `interp(${uniform}, ${doubles(quantiles)}, ${quantiles.length - 1})`;
}

function doubles(values: readonly number[]): string {
  return `[${values.map((value) => `${value}::DOUBLE`).join(', ')}]`;
}
