/** A small hospital: its policy, questions over it, and databases for the interpreter. */
import fc from 'fast-check';
import { parseDate } from '../../../src/ask/evaluate/parse-date.ts';
import { ask, type Expr, type Relation } from '../../../src/ask/index.ts';
import type { Value } from '../../../src/ask/types.ts';
import { split } from '../../../src/bound/boundary.ts';
import { track } from '../../../src/bound/privacy-unit.ts';
import type { BoundContext, Tracked } from '../../../src/bound/tracked.ts';
import { SpannedError } from '../../../src/errors.ts';
import { type Policy, policyFromObject } from '../../../src/policy/index.ts';
import type { Database, StoredRow } from '../../conformance/interpreter/database.ts';
import { interpret } from '../../conformance/interpreter/relation.ts';

export const POLICY: Policy = policyFromObject({
  gauze: 1,
  datasets: {
    network: {
      source: 'network.duckdb',
      unit: 'person.person_id',
      contribution: { groups: 4, rows: 20 },
      minimumUnits: 11,
      tables: {
        person: {
          unit: 'person_id',
          unique: true,
          columns: {
            sex: { type: 'text', values: ['F', 'M'] },
            birth_year: { type: 'integer', bounds: [1900, 2025], nullable: false },
            city: { type: 'text' },
            smoker: { type: 'boolean' },
          },
        },
        visit: {
          unit: 'person_id',
          columns: {
            visit_id: { type: 'integer', use: 'join' },
            start_date: { type: 'date', bounds: ['2015-01-01', '2025-12-31'] },
            days: { type: 'integer', bounds: [0, 60] },
            ward: { type: 'text', values: ['surgery', 'medicine', 'icu'] },
            cost: { type: 'double', bounds: [0, 50000], step: '0.01' },
            weight: { type: 'double' },
            admitted: { type: 'timestamp' },
          },
        },
        lab: {
          unit: { through: 'visit', on: 'visit_id' },
          columns: {
            visit_id: { type: 'integer', use: 'join' },
            code: { type: 'text' },
            value: { type: 'double', bounds: { by: 'code', of: { a1c: [3, 20], sbp: [50, 250] } }, step: '0.1' },
          },
        },
        death: {
          unit: 'person_id',
          unique: true,
          columns: { cause: { type: 'text' }, died: { type: 'date', bounds: ['2015-01-01', '2025-12-31'] } },
        },
        code_name: {
          public: true,
          columns: { code: { type: 'text' }, name: { type: 'text' }, chapter: { type: 'text', values: ['I', 'II'] } },
        },
      },
    },
  },
});

/** A context whose ids are above those of a tree. */
export function contextFor(sql: string): BoundContext {
  let last = 100_000;
  return {
    policy: POLICY,
    fresh: () => {
      last += 1;
      return last;
    },
    notes: [],
    text: sql,
  };
}

/** The private rows that `SELECT COUNT(*) FROM (…)` counts. */
export function rowsOf(sql: string): { readonly relation: Relation; readonly context: BoundContext } {
  const text = `SELECT COUNT(*) FROM (${sql}) AS counted`;
  const context = contextFor(text);
  const [boundary] = split(ask(text, POLICY), context).boundaries;
  if (boundary === undefined) throw new Error('The question has no private rows.');
  return { relation: boundary.input, context };
}

/** Those rows, lowered. */
export function trackedRows(sql: string): {
  readonly tracked: Tracked;
  readonly relation: Relation;
  readonly notes: readonly string[];
} {
  const { relation, context } = rowsOf(sql);
  return { tracked: track(relation, context), relation, notes: context.notes };
}

/** Id of an output column by name. */
export function columnNamed(tracked: Tracked, name: string): number {
  const column = tracked.relation.columns.find((one) => one.name === name);
  if (column === undefined) throw new Error(`No column ${name}.`);
  return column.id;
}

/** The refusal of a whole question, with the text it points at. */
export function refusalOf(sql: string): {
  readonly code: string;
  readonly at: string;
  readonly message: string;
  readonly next: string;
} {
  const context = contextFor(sql);
  try {
    for (const boundary of split(ask(sql, POLICY), context).boundaries) track(boundary.input, context);
  } catch (error) {
    if (!(error instanceof SpannedError)) throw error;
    const { span } = error;
    return {
      code: error.code,
      at: span === null ? '' : sql.slice(span.start, span.end),
      message: error.message,
      next: error.parts.next,
    };
  }
  throw new Error('The question was accepted.');
}

/** Expression of the first item of `SELECT <expr> FROM …`, with the rows it stands over. */
export function expression(sql: string): {
  readonly expr: Expr;
  readonly tracked: Tracked;
  readonly context: BoundContext;
} {
  const text = `SELECT COUNT(*) FROM (${sql}) AS counted`;
  const context = contextFor(text);
  const [boundary] = split(ask(text, POLICY), context).boundaries;
  const project = boundary?.input;
  if (project?.kind !== 'project') throw new Error('The question has no projection.');
  const [item] = project.items;
  if (item === undefined) throw new Error('The projection has no item.');
  return { expr: item.expr, tracked: track(project.input, context), context };
}

type Tables = Readonly<Record<string, readonly StoredRow[]>>;

/** A database of the tables given. */
export function database(tables: Tables): Database {
  return { rows: (_dataset, table) => tables[table] ?? [], unitColumn: () => null };
}

const CODE_NAMES: readonly StoredRow[] = [
  { code: 'a1c', name: 'HbA1c', chapter: 'I' },
  { code: 'a1c', name: 'glycated', chapter: 'II' },
  { code: 'sbp', name: 'pressure', chapter: 'I' },
  { code: null, name: 'none', chapter: null },
];

const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 5 });
const unit = fc.option(fc.constantFrom(1n, 2n, 3n), { nil: null, freq: 6 });
const dates = ['2019-12-31', '2020-01-01', '2020-01-20', '2020-02-15'].map((text) => parseDate(text) as number);

/** Tables with ties, NULL units, NULL cells, out-of-range cells; keys as the holder verified them. */
export const tables: fc.Arbitrary<Tables> = fc
  .record({
    person: fc.uniqueArray(
      fc.record({
        person_id: unit,
        sex: nullable(fc.constantFrom('F', 'M', 'X')),
        birth_year: fc.constantFrom(1950n, 1980n, 2000n, 1800n),
        city: nullable(fc.constantFrom('Bern', 'Basel')),
        smoker: nullable(fc.boolean()),
      }),
      { selector: (row) => row.person_id ?? Math.random(), maxLength: 4 },
    ),
    visit: fc.array(
      fc.record({
        person_id: unit,
        start_date: nullable(fc.constantFrom(...dates)),
        days: nullable(fc.constantFrom(0n, 3n, 3n, 999n)),
        ward: nullable(fc.constantFrom('surgery', 'icu', 'elsewhere')),
        cost: nullable(fc.constantFrom(0.1, 0.2, 0.30000000000000004, 1e16, -5, Infinity)),
        weight: nullable(fc.constantFrom(0.1, 1e300, -Infinity)),
        admitted: nullable(fc.constantFrom(0n, 1_600_000_000_000_000n)),
      }),
      { maxLength: 8 },
    ),
    lab: fc.array(
      fc.record({
        visit: fc.nat(7),
        code: nullable(fc.constantFrom('a1c', 'sbp', 'x')),
        value: nullable(fc.constantFrom(5.5, 7, 120.5, 9999)),
      }),
      { maxLength: 6 },
    ),
    death: fc.uniqueArray(
      fc.record({
        person_id: unit,
        cause: nullable(fc.constantFrom('a', 'b')),
        died: nullable(fc.constantFrom(...dates)),
      }),
      { selector: (row) => row.person_id ?? Math.random(), maxLength: 2 },
    ),
  })
  .map(({ person, visit, lab, death }) => ({
    person,
    visit: visit.map((row, index) => ({ ...row, visit_id: BigInt(index) })),
    lab: lab.map(({ visit: at, ...row }) => ({ ...row, visit_id: BigInt(at) })),
    death,
    code_name: CODE_NAMES,
  }));

/** The tables without the rows of one unit (null: without those that have none). */
export function without(all: Tables, gone: bigint | null): Tables {
  const visits = (all.visit ?? []).filter((row) => row.person_id === gone).map((row) => row.visit_id);
  return {
    person: (all.person ?? []).filter((row) => row.person_id !== gone),
    visit: (all.visit ?? []).filter((row) => row.person_id !== gone),
    lab: (all.lab ?? []).filter((row) => !visits.includes(row.visit_id ?? null)),
    death: (all.death ?? []).filter((row) => row.person_id !== gone),
    code_name: all.code_name ?? [],
  };
}

/** The same tables stored in the opposite order. */
export function reversed(all: Tables): Tables {
  return Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, [...rows].reverse()]));
}

/** Rows of a lowered relation by unit, each row as text, sorted. */
export function rowsByUnit(tracked: Tracked, all: Tables): ReadonlyMap<Value, readonly string[]> {
  const at = tracked.relation.columns.findIndex((column) => column.id === tracked.unit);
  const found = new Map<Value, string[]>();
  for (const row of interpret(tracked.relation, database(all))) {
    const owner = row[at] ?? null;
    found.set(owner, [...(found.get(owner) ?? []), printRow(row)]);
  }
  for (const rows of found.values()) rows.sort();
  return found;
}

/** Rows as text, sorted, of the named columns alone. */
export function printedRows(relation: Relation, ids: readonly number[], all: Tables): readonly string[] {
  const places = ids.map((id) => relation.columns.findIndex((column) => column.id === id));
  return interpret(relation, database(all))
    .map((row) => printRow(places.map((place) => row[place] ?? null)))
    .sort();
}

function printRow(row: readonly Value[]): string {
  return row.map((value) => (typeof value === 'bigint' ? `${value}n` : String(value))).join('|');
}
