/** Guesses, from names alone, whom a data set is about and how its tables reach them. */
import { foldName } from '../fold-name.ts';
import { wordsOf } from '../identifier.ts';
import type { TableUnit } from '../policy.ts';
import type { DraftTable } from './catalog.ts';

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

/** How a table reaches the unit: by its own column, or through a table whose key it holds. Null: it does not. */
export function reachUnit(table: DraftTable, unit: string, tables: readonly DraftTable[]): TableUnit | null {
  const own = columnNamed(table, unit);
  if (own !== null) return { kind: 'column', column: own };
  for (const { name } of table.columns) {
    const target = tables.find(
      (other) => other !== table && hasColumn(other, unit) && hasColumn(other, name) && isNamedAfter(other.name, name),
    );
    if (target !== undefined) return { kind: 'through', table: target.name, on: columnNamed(target, name)! };
  }
  return null;
}

/** Whether a name is that of a key by which tables are joined. */
export function isKeyName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  return words.length > 1 && (last === 'id' || last === 'key' || last === 'nbr' || last === 'sk' || last === 'uuid');
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
