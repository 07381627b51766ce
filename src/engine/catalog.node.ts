/** Names and types of the tables in a file or folder, for a first policy. No value, label or statistic of the data. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { GauzeError } from '../errors.ts';
import type { DraftCatalog, DraftTable } from '../policy/index.ts';
import { type SchemaReader, schemaReader } from './schema-reader.node.ts';

const DATABASE = /\.(?:duckdb|ddb|db)$/i;
const PARQUET = /\.(?:parquet|parq|pq)$/i;
const TEXT = /\.(?:csv|tsv)(?:\.gz)?$/i;

/** A table's files: one, or those of a subfolder that share an ending. */
interface Found {
  readonly name: string;
  readonly pattern: string;
  /** The file whose columns stand for all. */
  readonly first: string;
}

/**
 * The tables of a DuckDB, Parquet or CSV file, or of a folder of such files; a subfolder of Parquet or CSV files is one
 * table. Columns of CSV files are text: their types could only be guessed from values.
 *
 * @param policyDirectory - folder where the policy will stand; names of files are relative to it
 * @throws GauzeError USAGE when nothing readable is there, or a CSV file seems to have no header line
 */
export async function draftCatalog(path: string, policyDirectory = '.'): Promise<DraftCatalog> {
  if (!existsSync(path)) {
    throw usage(`There is no file or folder ${path}.`, 'Name a DuckDB, Parquet or CSV file, or a folder of them.');
  }
  const { databases, tables } = statSync(path).isDirectory() ? inFolder(path) : oneFile(path);
  const [database] = databases;
  if (database === undefined && tables.length === 0) {
    throw usage(
      `${path} holds no DuckDB, Parquet or CSV file by its name.`,
      'Name a file that ends in .duckdb, .parquet or .csv, or a folder of them.',
    );
  }
  if (databases.length > 1) {
    throw usage(
      `${path} holds several DuckDB files.`,
      'Name one of them: a data set has one source. Write the others as data sets of their own.',
    );
  }
  const here = (file: string): string => relative(resolve(policyDirectory), resolve(file)).replaceAll('\\', '/');
  const reader = await schemaReader();
  try {
    return {
      source: database === undefined ? null : here(database),
      tables: [
        ...(database === undefined ? [] : (await reader.tablesOf(database)).map(withoutLabels)),
        ...(await inTurn(tables, (found) => draftTable(found, here, reader))),
      ],
    };
  } finally {
    await reader.close();
  }
}

function oneFile(path: string): { databases: readonly string[]; tables: readonly Found[] } {
  if (DATABASE.test(path)) return { databases: [path], tables: [] };
  const readable = PARQUET.test(path) || TEXT.test(path);
  return { databases: [], tables: readable ? [{ name: stem(path), pattern: path, first: path }] : [] };
}

function inFolder(folder: string): { databases: readonly string[]; tables: readonly Found[] } {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name));
  return {
    databases: paths.filter((path) => DATABASE.test(path)),
    tables: [
      ...paths.flatMap((path) => oneFile(path).tables),
      ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => partsOf(join(folder, name))),
    ],
  };
}

/** The files of a subfolder as one table; none where they are of several kinds. */
function partsOf(folder: string): readonly Found[] {
  const files = readdirSync(folder).filter((name) => PARQUET.test(name) || TEXT.test(name));
  const endings = new Set(files.map((name) => name.slice(stem(name).length)));
  const [ending] = endings;
  if (ending === undefined || endings.size > 1) return [];
  const [first] = files.sort();
  return [{ name: basename(folder), pattern: join(folder, `*${ending}`), first: join(folder, first as string) }];
}

async function draftTable(found: Found, here: (file: string) => string, reader: SchemaReader): Promise<DraftTable> {
  const { name, pattern, first } = found;
  const columns = await reader.columnsOf(first, TEXT.test(first));
  if (TEXT.test(first) && !looksLikeHeader(columns.map((column) => column.name))) {
    throw usage(
      `${first} seems to have no header line.`,
      'Write a line of column names above the first row: names are taken from there.',
    );
  }
  return withoutLabels({ name, file: here(pattern), columns });
}

/** Names are words; numbers and dates are values. A value taken for a name would stand in the policy. */
function looksLikeHeader(names: readonly string[]): boolean {
  const isValue = (name: string): boolean => /^[-+]?\d*[.,]\d+$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(name.trim());
  const words = names.filter((name) => /\p{L}/u.test(name));
  return !names.some(isValue) && words.length * 2 > names.length;
}

/** DuckDB writes the labels of an ENUM into its type; they are values. */
function withoutLabels(table: DraftTable): DraftTable {
  const bare = (type: string): string => (/ENUM\s*\(/i.test(type) ? enumWithout(type) : type);
  return { ...table, columns: table.columns.map(({ name, type }) => ({ name, type: bare(type) })) };
}

/** An ENUM by its name alone; whatever nests one has no type in a policy, so that its name does not matter. */
function enumWithout(type: string): string {
  return /^ENUM\s*\(/i.test(type) && type.endsWith(')') ? 'ENUM' : 'STRUCT';
}

function stem(path: string): string {
  return basename(path).replace(TEXT, '').replace(PARQUET, '');
}

async function inTurn<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function usage(message: string, next: string): GauzeError {
  return new GauzeError('USAGE', { message, next });
}
