/** One line for one column. */
import { foldName } from '../fold-name.ts';
import { directIdentifier, isKeyName, wordsOf } from '../identifier.ts';
import { type DraftTable, isUntyped } from './catalog.ts';
import { type DraftType, draftType } from './draft-type.ts';
import { type KnownColumn, knownColumn } from './omop.ts';
import { yamlName } from './print-name.ts';

/** A line without indentation; `active` false is printed as a comment. */
export interface DraftLine {
  readonly text: string;
  readonly comment: string | null;
  readonly active: boolean;
}

/** Bounds that hold of what a name says, whatever the data. */
const SUGGESTED: readonly (readonly [name: string, bounds: string])[] = [
  ['age', '[0, 120]'],
  ['year', '[1900, 2030]'],
  ['month', '[1, 12]'],
  ['percent', '[0, 100]'],
  ['percentage', '[0, 100]'],
];

/** The line of a protected table's column. */
export function draftColumn(column: { name: string; type: string }, table: DraftTable, omop: boolean): DraftLine {
  const type = draftType(column.type);
  if (type === null) return left(column.name, '{ type: text }', 'this type cannot be used');
  const known = omop ? knownColumn(table.name, column.name) : null;
  const identifier = directIdentifier(column.name);
  if (known?.leave !== undefined) return left(column.name, print(type, null), known.leave);
  if (identifier !== null) return left(column.name, print(type, null), `left out: looks like ${identifier}`);
  if (known !== null) return listed(column.name, print(type, known), known.comment ?? null);
  const concept = omop && foldName(column.name).endsWith('concept_id');
  if (!concept && isKeyName(column.name) && (type.type === 'integer' || type.type === 'text')) {
    return listed(column.name, `{ type: ${type.type}, use: join }`, null);
  }
  const isGuess = isUntyped(table) && type.type === 'text';
  const asked = concept ? 'values?' : isGuess ? typeQuestion(column.name) : question(column.name, type);
  return listed(column.name, print(type, null), asked);
}

/** The line of a public table's column: nothing needs to be bounded. */
export function publicColumn(column: { name: string; type: string }): DraftLine {
  const type = draftType(column.type);
  if (type === null) return left(column.name, '{ type: text }', 'this type cannot be used');
  return listed(column.name, type.zoned ? print(type, null) : `{ type: ${type.type} }`, null);
}

function listed(name: string, text: string, comment: string | null): DraftLine {
  return { text: `${yamlName(name)}: ${text}`, comment, active: true };
}

function left(name: string, text: string, comment: string): DraftLine {
  return { text: `${yamlName(name)}: ${text}`, comment, active: false };
}

function print({ type, step, zoned }: DraftType, known: KnownColumn | null): string {
  const numeric = type === 'integer' || type === 'double';
  const quote = (value: number): string => (type === 'text' ? `"${value}"` : String(value));
  const parts = [`type: ${type}`];
  if (known?.values !== undefined && (numeric || type === 'text'))
    parts.push(`values: [${known.values.map(quote).join(', ')}]`);
  if (known?.bounds !== undefined && numeric) parts.push(`bounds: [${known.bounds.join(', ')}]`);
  if (step !== null && known?.values === undefined) parts.push(`step: ${step}`);
  if (zoned) parts.push('zone: UTC');
  return `{ ${parts.join(', ')} }`;
}

function question(name: string, { type, zoned }: DraftType): string | null {
  if (type === 'text') return 'values?';
  if (type === 'boolean') return null;
  if (zoned) return 'bounds? in the local time of which zone?';
  const suggested = type === 'integer' || type === 'double' ? suggestedBounds(name) : null;
  return suggested === null ? 'bounds?' : `bounds? such as bounds: ${suggested}`;
}

/** Of a column of a CSV file, whose type nothing tells. */
function typeQuestion(name: string): string {
  const suggested = suggestedBounds(name);
  if (suggested !== null) return `type? of numbers { type: integer, bounds: ${suggested} }; of texts values?`;
  const isDay = wordsOf(name).some((word) => word === 'date' || word === 'day');
  return isDay
    ? 'type? of days { type: date, bounds: [2015-01-01, 2025-12-31] }; of texts values?'
    : 'type? of numbers { type: integer, bounds: [low, high] }; of texts values?';
}

function suggestedBounds(name: string): string | null {
  const words = wordsOf(name);
  return SUGGESTED.find(([word]) => words.includes(word))?.[1] ?? null;
}
