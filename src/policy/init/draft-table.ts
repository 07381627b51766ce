/** The lines of one table. */
import { foldName } from '../fold-name.ts';
import type { TableUnit } from '../policy.ts';
import { type DraftTable, isUntyped } from './catalog.ts';
import { type DraftLine, draftColumn, publicColumn } from './draft-column.ts';
import { reachUnit, type UnitGuess } from './find-unit.ts';
import { isVocabulary, omopLink, vocabularyKey, whyLeftOut } from './omop.ts';
import { yamlFile, yamlName } from './print-name.ts';

/** What is guessed of a whole catalog. */
export interface Guess {
  readonly omop: boolean;
  readonly unit: UnitGuess | null;
  /** How each table reaches the unit; null where it does not. */
  readonly links: ReadonlyMap<DraftTable, TableUnit | null>;
}

/** How every table reaches the unit; what the OMOP specification says comes before what names suggest. */
export function linksOf(tables: readonly DraftTable[], unit: UnitGuess | null, omop: boolean): Guess['links'] {
  return new Map(
    tables.map((table) => {
      if (unit === null || (omop && isVocabulary(table.name))) return [table, null];
      const link = omop ? omopLink(table, tables) : null;
      const guessed = link ?? reachUnit(table, unit.column, tables);
      return [table, omop && link === null && guessed?.kind === 'through' ? null : guessed];
    }),
  );
}

/** The unit's table first, then the other protected ones, the public ones, and those left out. */
export function inOrder(tables: readonly DraftTable[], { omop, unit, links }: Guess): readonly DraftTable[] {
  const rank = (table: DraftTable): number => {
    if (table === unit?.table) return 0;
    if (links.get(table) !== null) return 1;
    return omop && isVocabulary(table.name) ? 2 : 3;
  };
  return [...tables].sort((a, b) => rank(a) - rank(b));
}

/** Lines of a table, indented from its name on. */
export function tableLines(table: DraftTable, guess: Guess): readonly string[] {
  const { omop, unit, links } = guess;
  const types = omop ? 'Types are those of the CDM, else text' : 'Every column is drafted as text';
  const head = [
    `${yamlName(table.name)}:`,
    ...(table.file === null ? [] : [`  file: ${yamlFile(table.file)}`]),
    ...(isUntyped(table)
      ? [`  # CONFIRM: the types. A CSV file holds none, and no value was read to guess them. ${types}.`]
      : []),
  ];
  if (omop && isVocabulary(table.name)) {
    const columns = table.columns.map(publicColumn);
    const key = vocabularyKey(table);
    const at = table.columns.findIndex(({ name }) => name === key);
    const keyLines = key !== null && columns[at]?.active === true ? [`  key: ${yamlName(key)}`] : [];
    return [...head, '  public: true', ...keyLines, ...columnLines(columns)];
  }
  const link = links.get(table) ?? null;
  const columns = columnLines(drafted(table, link, guess));
  if (link !== null) return [...head, ...unitLines(table, link, guess), ...columns];
  const open = [...head, '  unit: WHICH_COLUMN  # or public: true, if it says nothing about any person', ...columns];
  if (unit === null) return open;
  const why = (omop ? whyLeftOut(table.name) : null) ?? 'has no column by which its rows reach the unit';
  return [`# ${yamlName(table.name)} ${why}.`, ...open.map((line) => `# ${line}`)];
}

/** Lines of the columns but the unit's. A key that other tables are reached by is listed, whatever its name looks like. */
function drafted(table: DraftTable, own: TableUnit | null, { omop, links }: Guess): readonly DraftLine[] {
  const held = own?.kind === 'column' ? foldName(own.column) : null;
  const keys = new Set(
    [...links.values()].flatMap((link) => (link?.kind === 'through' && link.table === table.name ? [link.on] : [])),
  );
  return table.columns
    .filter((column) => foldName(column.name) !== held)
    .map((column) => {
      const line = draftColumn(column, table, omop);
      return keys.has(column.name) ? { ...line, active: true } : line;
    });
}

function unitLines(table: DraftTable, link: TableUnit, { omop, unit }: Guess): readonly string[] {
  if (link.kind === 'through') return [`  unit: { through: ${yamlName(link.table)}, on: ${yamlName(link.on)} }`];
  const lines = [`  unit: ${yamlName(link.column)}`];
  if (table === unit?.table) {
    lines.push(
      unit.named
        ? '  unique: true  # CONFIRM: one row for each; verified at registration'
        : '  # unique: true  # if it has one row for each; verified at registration',
    );
  } else if (omop && foldName(table.name) === 'death') {
    lines.push('  # unique: true  # the CDM allows one row for each person; verified at registration');
  }
  return lines;
}

/** Comments stand in one column, unless a line is longer than most. */
const COMMENT_COLUMN_MAX = 64;

function columnLines(lines: readonly DraftLine[]): readonly string[] {
  if (lines.length === 0) return [];
  const texts = lines.map(({ text, active }) => (active ? `    ${text}` : `    # ${text}`));
  const lengths = texts.filter((text, index) => lines[index]!.comment !== null && text.length <= COMMENT_COLUMN_MAX);
  const width = Math.max(0, ...lengths.map((text) => text.length));
  return [
    '  columns:',
    ...texts.map((text, index) => {
      const { comment } = lines[index]!;
      return comment === null ? text : `${text.padEnd(width)}  # ${comment}`;
    }),
  ];
}
