/** A first policy from names and types alone. */
import { foldName } from './fold-name.ts';
import type { DraftCatalog, DraftTable } from './init/catalog.ts';
import { type DraftLine, draftColumn, publicColumn } from './init/draft-column.ts';
import { guessUnit, reachUnit, type UnitGuess } from './init/find-unit.ts';
import { isOmop, isVocabulary, omopLink, whyLeftOut } from './init/omop.ts';
import { yamlFile, yamlName } from './init/print-name.ts';
import type { TableUnit } from './policy.ts';
import { isUsableName } from './read-fields.ts';
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
  const { tables, skipped } = usable(catalog.tables);
  const omop = isOmop(tables);
  const unit = guessUnit(tables);
  const dataset = yamlName(datasetName(catalog, options));
  const lines = [...HEAD, ...(omop ? OMOP : []), 'gauze: 1'];
  const body = [...datasetLines(dataset, catalog, tables, unit, omop), ...skipped.map((reason) => `      # ${reason}`)];
  const principals = principalLines(dataset);
  if (unit === null) {
    lines.push(...NO_UNIT, 'datasets:', ...body.map(commented), 'principals:', ...principals.map(commented));
  } else lines.push('datasets:', ...body, 'principals:', ...principals);
  return `${lines.join('\n')}\n`;
}

const HEAD = [
  '# A first policy, written from the names and types of columns alone; no value of the data was read.',
  '# Read every line: what stands here is promised to the persons in the data. CONFIRM marks a guess.',
  '#   values?  If the values of this column are public knowledge, list them: values: [a, b].',
  '#            Otherwise a group is shown only when enough persons share it.',
  '#   bounds?  To add up or average a column, write bounds: [low, high], from public knowledge,',
  '#            never by looking at the data. A step (step: 0.1) says how finely it is measured.',
  '# A column that is not listed cannot be used. Lines that begin with # are left out until a person decides.',
];

const OMOP = [
  '# The tables are recognised as OMOP CDM: unit, links and vocabulary are filled in from its specification.',
];

const NO_UNIT = [
  '# No column looks like the number of a person, so nothing is opened yet. Name the column that tells persons',
  '# apart below, and remove the # signs. If every row is one person and none has a number, make one first:',
  '#   CREATE TABLE numbered AS SELECT row_number() OVER () AS person_id, * FROM …',
];

/** Tables and columns that a policy can name, and why others are not among them. */
function usable(all: readonly DraftTable[]): { tables: readonly DraftTable[]; skipped: readonly string[] } {
  const skipped: string[] = [];
  const seen = new Set<string>();
  const tables = all.flatMap((table): DraftTable[] => {
    if (!isUsableName(table.name)) {
      skipped.push('A table is left out: a policy cannot name it. Rename it first.');
    } else if (seen.has(foldName(table.name))) {
      skipped.push(`A second table ${yamlName(table.name)} is left out: case does not tell names apart.`);
    } else if (table.file !== null && (!isTableFile(table.file) || !isUsableName(table.file))) {
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
  unit: UnitGuess | null,
  omop: boolean,
): readonly string[] {
  const lines = [`  ${dataset}:`];
  if (catalog.source !== null && isUsableName(catalog.source)) lines.push(`    source: ${yamlFile(catalog.source)}`);
  else if (tables.some(({ file }) => file === null)) {
    lines.push('    # CONFIRM: the DuckDB file that holds the tables.', '    source: data.duckdb');
  }
  lines.push(
    '    # CONFIRM: the privacy unit, whom the guarantee protects; found by its name.',
    ...(unit?.others ?? [])
      .slice(0, 5)
      .map(({ table, column }) => `    #   Or is it ${yamlName(table)}.${yamlName(column)}?`),
    `    unit: ${unit === null ? 'table.column' : unitName(unit)}`,
    '    # CONFIRM: groups of an answer that one person may count in, and rows of one person in a group.',
    '    # Enough for most persons; more makes every answer noisier.',
    '    contribution: { groups: 4, rows: 20 }',
    '    # CONFIRM: what all principals together may ever learn.',
    '    budget: { epsilon: 5, delta: 1e-6 }',
    '    minimumUnits: 11',
    '    tables:',
  );
  for (const table of tables) lines.push(...tableLines(table, tables, unit, omop).map((line) => `      ${line}`));
  return lines;
}

function unitName({ table, column }: UnitGuess): string {
  const plain = yamlName(table.name) === table.name && yamlName(column) === column;
  return plain ? `${table.name}.${column}` : yamlFile(`${table.name}.${column}`);
}

function tableLines(
  table: DraftTable,
  tables: readonly DraftTable[],
  unit: UnitGuess | null,
  omop: boolean,
): readonly string[] {
  const file = table.file === null ? [] : [`  file: ${yamlFile(table.file)}`];
  const name = yamlName(table.name);
  if (omop && isVocabulary(table.name)) {
    return [`${name}:`, ...file, '  public: true', ...columnLines(table.columns.map(publicColumn))];
  }
  const reached =
    unit === null ? null : ((omop ? omopLink(table, tables) : null) ?? reachUnit(table, unit.column, tables));
  const held = reached?.kind === 'column' ? foldName(reached.column) : null;
  const columns = columnLines(
    table.columns
      .filter((column) => foldName(column.name) !== held)
      .map((column) => withKey(column, table, tables, omop)),
  );
  if (unit !== null && reached !== null) {
    return [`${name}:`, ...file, ...unitLines(table, reached, unit, omop), ...columns];
  }
  const why = (omop ? whyLeftOut(table.name) : null) ?? 'has no column by which its rows reach the unit';
  return [
    `# ${name} ${why}.`,
    ...(unit === null
      ? [`${name}:`, ...file, '  unit: column', ...columns]
      : [
          '# If it says nothing about any person, remove the # signs; otherwise write unit: instead of public: true.',
          ...[`${name}:`, ...file, '  public: true', ...columns].map(commented),
        ]),
  ];
}

/** The key that another table is reached by must be listed, whatever its name looks like. */
function withKey(
  column: DraftTable['columns'][number],
  table: DraftTable,
  tables: readonly DraftTable[],
  omop: boolean,
): DraftLine {
  const line = draftColumn(column, omop);
  const isKey = tables.some((other) => {
    const link = omop ? omopLink(other, tables) : null;
    return link?.kind === 'through' && link.table === table.name && link.on === column.name;
  });
  return isKey ? { ...line, active: true } : line;
}

function unitLines(table: DraftTable, reached: TableUnit, unit: UnitGuess, omop: boolean): readonly string[] {
  if (reached.kind === 'through') {
    return [`  unit: { through: ${yamlName(reached.table)}, on: ${yamlName(reached.on)} }`];
  }
  const lines = [`  unit: ${yamlName(reached.column)}`];
  if (table === unit.table) {
    const unique = 'unique: true';
    lines.push(
      unit.named
        ? `  ${unique}  # CONFIRM: one row for each; verified at registration`
        : `  # ${unique}  # if it has one row for each`,
    );
  } else if (omop && foldName(table.name) === 'death') {
    lines.push('  # unique: true  # the CDM allows one row for each person; verified at registration');
  }
  return lines;
}

const COMMENT_COLUMN = 52;

function columnLines(lines: readonly DraftLine[]): readonly string[] {
  if (lines.length === 0) return [];
  return [
    '  columns:',
    ...lines.map(({ text, comment, active }) => {
      const line = active ? `    ${text}` : `    # ${text}`;
      return comment === null ? line : `${line.padEnd(COMMENT_COLUMN)}  # ${comment}`;
    }),
  ];
}

function principalLines(dataset: string): readonly string[] {
  return [
    '  # CONFIRM: who may ask, and how much each may ever learn.',
    '  analyst:',
    `    budgets: [ { dataset: ${dataset}, epsilon: 2, delta: 1e-7 } ]`,
  ];
}

/** A line as a comment, its indentation kept. */
function commented(line: string): string {
  return line.replace(/^( *)/, '$1# ');
}
