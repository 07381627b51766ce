/** A first policy from names and types alone. */
import { foldName } from './fold-name.ts';
import { type DraftCatalog, type DraftTable, isUntyped } from './init/catalog.ts';
import { type Guess, inOrder, linksOf, tableLines } from './init/draft-table.ts';
import { guessUnit, rowNumbers, type UnitGuess } from './init/find-unit.ts';
import { isOmop } from './init/omop.ts';
import { typedByOmop } from './init/omop-types.ts';
import { yamlFile, yamlName } from './init/print-name.ts';
import { isUsableName } from './read-fields.ts';
import { isUsablePath } from './read-path.ts';
import { isTableFile } from './read-table.ts';

export type { DraftCatalog, DraftTable } from './init/catalog.ts';

export interface DraftOptions {
  /** Name of the data set; by default that of the source, or `data`. */
  readonly dataset?: string;
}

/**
 * Writes a commented policy that parses as it stands. It is made from names and types: no value of the data, no label
 * of an ENUM and no statistic of a file goes into it. What only a person can know is asked in comments.
 *
 * @returns YAML text
 */
export function draftPolicy(catalog: DraftCatalog, options: DraftOptions = {}): string {
  const { tables: found, skipped } = usable(catalog.tables);
  const omop = isOmop(found);
  const tables = omop ? found.map(typedByOmop) : found;
  const unit = guessUnit(tables);
  const dataset = yamlName(datasetName(catalog, options));
  const guess: Guess = { omop, unit, links: linksOf(tables, unit, omop) };
  const body = [...datasetLines(dataset, catalog, tables, guess), ...skipped.map((reason) => `      # ${reason}`)];
  const principals = principalLines(dataset);
  const lines =
    unit === null
      ? [...noUnit(tables), 'datasets:', ...body.map(commented), 'principals:', ...principals.map(commented)]
      : ['datasets:', ...body, 'principals:', ...principals];
  return `${[...HEAD, ...(tables.some(isUntyped) ? UNTYPED : []), ...LISTING, ...(omop ? OMOP : []), 'gauze: 1', ...lines].join('\n')}\n`;
}

/** A line below a top-level key as a comment; the # signs stand in one column. */
function commented(line: string): string {
  return `  # ${line.slice(2)}`;
}

const HEAD = [
  '# A first policy, written from the names and types of columns alone; no value of the data was read.',
  '# Read every line: what stands here is promised to the persons in the data. CONFIRM marks a guess.',
  '#   values?  If the values of this column are public knowledge, list them: values: [a, b].',
  '#            Otherwise a group is shown only when enough persons share it.',
  '#   bounds?  To add up or average a column, write bounds: [low, high], from public knowledge,',
  '#            never by looking at the data. A step (step: 0.1) says how finely it is measured.',
];

const LISTING = [
  '# A column that is not listed cannot be used. Lines that begin with # are left out until a person decides.',
];

const UNTYPED = [
  '#   type?    A CSV file holds no types, and no value was read to guess one: its columns stand here as text. Where',
  '#            you know better, write type: integer, double, boolean, date or timestamp instead, and then bounds:',
  '#            cost: { type: integer, bounds: [0, 5000] }. What cannot be read as that type is missing.',
];

const OMOP = [
  '# The tables are recognised as OMOP CDM: unit, links and vocabulary are filled in from its specification.',
];

function noUnit(tables: readonly DraftTable[]): readonly string[] {
  const candidates = rowNumbers(tables).slice(0, 5);
  return [
    '# No column looks like the number of a person, so nothing is opened yet. Name the column that tells persons',
    '# apart below, twice (unit), and remove the # signs. If every row is one person, a number of the row will do;',
    '# where there is none, make one: CREATE TABLE numbered AS SELECT row_number() OVER () AS person_id, * FROM …',
    ...candidates.map(({ table, column }) => `#   Is it ${yamlName(table)}.${yamlName(column)}?`),
  ];
}

/** Tables and columns that a policy can name, and why others are not among them. */
function usable(all: readonly DraftTable[]): { tables: readonly DraftTable[]; skipped: readonly string[] } {
  const skipped: string[] = [];
  const seen = new Set<string>();
  const tables = all.flatMap((table): DraftTable[] => {
    if (!isUsableName(table.name)) {
      skipped.push('A table is left out: a policy cannot name it. Rename it first.');
    } else if (seen.has(foldName(table.name))) {
      skipped.push(`A second table ${yamlName(table.name)} is left out: case does not tell names apart.`);
    } else if (table.file !== null && (!isTableFile(table.file) || !isUsablePath(table.file))) {
      skipped.push(`${yamlName(table.name)} is left out: its file is neither Parquet nor CSV by its name.`);
    } else {
      seen.add(foldName(table.name));
      return [{ ...table, columns: usableColumns(table.columns) }];
    }
    return [];
  });
  return { tables, skipped };
}

function usableColumns(columns: DraftTable['columns']): DraftTable['columns'] {
  const seen = new Set<string>();
  return columns.filter(({ name }) => {
    const isNew = isUsableName(name) && !seen.has(foldName(name));
    seen.add(foldName(name));
    return isNew;
  });
}

function datasetName({ source }: DraftCatalog, { dataset }: DraftOptions): string {
  const stem = (source ?? '').replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  const wanted = dataset ?? stem;
  return isUsableName(wanted) ? wanted : 'data';
}

function datasetLines(
  dataset: string,
  catalog: DraftCatalog,
  tables: readonly DraftTable[],
  guess: Guess,
): readonly string[] {
  const { unit } = guess;
  const lines = [`  ${dataset}:`];
  if (catalog.source !== null && isUsablePath(catalog.source)) lines.push(`    source: ${yamlFile(catalog.source)}`);
  else if (tables.some(({ file }) => file === null)) {
    lines.push('    # CONFIRM: the DuckDB file that holds the tables.', '    source: data.duckdb');
  }
  lines.push(
    '    # CONFIRM: the privacy unit, whom the guarantee protects; found by its name.',
    ...(unit?.others ?? [])
      .slice(0, 5)
      .map(({ table, column }) => `    #   Or is it ${yamlName(table)}.${yamlName(column)}?`),
    `    unit: ${unit === null ? 'TABLE.WHICH_COLUMN' : unitName(unit)}`,
    '    # CONFIRM: groups of an answer that one person may count in, and rows of one person in a group.',
    '    # Enough for most persons; more makes every answer noisier.',
    '    contribution: { groups: 4, rows: 20 }',
    '    # CONFIRM: what all principals together may ever learn.',
    '    budget: { epsilon: 5, delta: 1e-6 }',
    '    minimumUnits: 11',
    '    tables:',
  );
  for (const table of inOrder(tables, guess)) lines.push(...tableLines(table, guess).map((line) => `      ${line}`));
  return lines;
}

function unitName({ table, column }: UnitGuess): string {
  const plain = yamlName(table.name) === table.name && yamlName(column) === column;
  return plain ? `${table.name}.${column}` : yamlFile(`${table.name}.${column}`);
}

function principalLines(dataset: string): readonly string[] {
  return [
    '  # CONFIRM: who may ask, and how much each may ever learn.',
    '  analyst:',
    `    budgets: [ { dataset: ${dataset}, epsilon: 2, delta: 1e-7 } ]`,
  ];
}
