/** Guesses, from names alone, whom a data set is about and how its tables reach them. */
import { foldName } from '../fold-name.ts';
import { wordsOf } from '../identifier.ts';
import type { TableUnit } from '../policy.ts';
import type { DraftTable } from './catalog.ts';
import { draftType } from './draft-type.ts';

/** Names of the person in a name, likeliest first. */
const PERSONS = [
  'person',
  'patient',
  'subject',
  'participant',
  'beneficiary',
  'bene',
  'member',
  'individual',
  'respondent',
  'client',
  'pat',
  'subj',
];
const NUMBERS = ['id', 'nbr', 'number', 'num', 'no', 'nr', 'key', 'sk', 'pseudonym'];
const WHOLE_NAMES = [
  'patid',
  'subjid',
  'usubjid',
  'personid',
  'patientid',
  'subjectid',
  'enrolid',
  'empi',
  'pid',
  'mrn',
  'seqn',
  'eid',
];

/** The guess; `others` are columns that might be meant instead. */
export interface UnitGuess {
  readonly table: DraftTable;
  readonly column: string;
  /** Whether the table is named after the unit, so that it should hold one row for each. */
  readonly named: boolean;
  readonly others: readonly { readonly table: string; readonly column: string }[];
}

/** The likeliest unit column, or null when no name looks like one. */
export function guessUnit(tables: readonly DraftTable[]): UnitGuess | null {
  const candidates = tables.flatMap((table) =>
    table.columns.flatMap(({ name }) => {
      const rank = rankOf(name);
      return rank === null ? [] : [{ table, column: name, rank }];
    }),
  );
  if (candidates.length === 0) return null;
  const weigh = (candidate: (typeof candidates)[number]): number =>
    candidate.rank * 1000 - tables.filter((table) => hasColumn(table, candidate.column)).length * 10;
  const column = [...candidates].sort((a, b) => weigh(a) - weigh(b))[0]!.column;
  const holders = tables.filter((table) => hasColumn(table, column));
  const own = holders.find((table) => isNamedAfter(table.name, column));
  const table = own ?? holders.find(({ columns }) => foldName(columns[0]!.name) === foldName(column)) ?? holders[0]!;
  const others = candidates.filter((candidate) => foldName(candidate.column) !== foldName(column));
  return {
    table,
    column: columnNamed(table, column)!,
    named: own !== undefined,
    others: others.map((other) => ({ table: other.table.name, column: other.column })),
  };
}

/** Columns that may number rows, and so persons where every row is one. */
export function rowNumbers(
  tables: readonly DraftTable[],
): readonly { readonly table: string; readonly column: string }[] {
  return tables.flatMap((table) =>
    table.columns
      .filter(({ name }) => ROWS.has(wordsOf(name).join(' ')))
      .map(({ name }) => ({ table: table.name, column: name })),
  );
}

const ROWS = new Set(['id', 'row id', 'rowid', 'record id', 'row number', 'case id', 'study id', 'index']);

/** How a table reaches the unit: by its own column, or through a table whose key it holds. Null: it does not. */
export function reachUnit(table: DraftTable, unit: string, tables: readonly DraftTable[]): TableUnit | null {
  const own = columnNamed(table, unit);
  if (own !== null) return { kind: 'column', column: own };
  for (const { name } of table.columns) {
    const target = tables.find(
      (other) =>
        other !== table && hasColumn(other, unit) && isNamedAfter(other.name, name) && isSameType(table, other, name),
    );
    if (target !== undefined) return { kind: 'through', table: target.name, on: columnNamed(target, name)! };
  }
  return null;
}

function rankOf(name: string): number | null {
  const words = wordsOf(name);
  const whole = WHOLE_NAMES.indexOf(words.join(''));
  for (let i = 0; i + 1 < words.length; i++) {
    const person = PERSONS.indexOf(words[i]!);
    if (person >= 0 && NUMBERS.includes(words[i + 1]!) && i + 2 === words.length) return person + i * 20;
  }
  return whole >= 0 ? whole + 40 : null;
}

/** Whether both tables hold a column of this name and of one type that a policy knows. */
export function isSameType(a: DraftTable, b: DraftTable, column: string): boolean {
  const [left, right] = [a, b].map(({ columns }) => {
    const found = columns.find(({ name }) => foldName(name) === foldName(column));
    return found === undefined ? null : (draftType(found.type)?.type ?? null);
  });
  return left !== null && left === right;
}

function hasColumn(table: DraftTable, name: string): boolean {
  return columnNamed(table, name) !== null;
}

function columnNamed(table: DraftTable, name: string): string | null {
  return table.columns.find((column) => foldName(column.name) === foldName(name))?.name ?? null;
}

/** `visits` and `visit` are named after `visit_id`; so is `dim_visit`. */
function isNamedAfter(table: string, column: string): boolean {
  const stem = wordsOf(column).slice(0, -1).join(' ');
  const name = wordsOf(table).join(' ');
  return (
    stem !== '' &&
    [name, name.replace(/ies$/, 'y'), name.replace(/es$/, ''), name.replace(/s$/, '')].some(
      (singular) => singular === stem || singular.endsWith(` ${stem}`),
    )
  );
}
