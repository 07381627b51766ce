/** Where duckdb-wasm finds the tables of a policy: DuckDB, Parquet and CSV files, or tables of the connection. */

import { GauzeError } from '../../errors.ts';
import { foldName } from '../../policy/fold-name.ts';
import type { Dataset, Table } from '../../policy/policy.ts';
import type { SourceHost, SourceTable } from '../attach.ts';
import { folded, quoted } from '../dialect/literal.ts';
import { unavailable, unfit } from '../failures.ts';
import { readText } from '../read-text.ts';
import type { WasmDatabase } from './bindings.ts';
import type { WasmFiles } from './files.ts';
import { loadParquet, type ParquetLoader, type ParquetModule, parquetToArrow } from './parquet.ts';
import { readRows } from './read-result.ts';
import { unreadableDatabase } from './storage-version.ts';

/** Number of duckdb-wasm's protocol that reads a Blob in place. */
const BROWSER_FILEREADER = 2;
const HEADER_BYTES = 20;

/** What an engine stands on. */
export interface WasmParts {
  readonly database: WasmDatabase;
  readonly files: WasmFiles;
  readonly loadParquet: ParquetLoader;
  /** File for data sets that name no source; null: the tables of the connection itself. */
  readonly source: string | null;
}

/** The connection that attaches, and the database that was current before gauze came. */
interface Place {
  readonly connection: number;
  readonly home: string;
}

/** Finds and loads the tables of one engine. */
export class WasmSources implements SourceHost {
  readonly #parts: WasmParts;
  readonly #place: Place;
  readonly #databases = new Map<string, string>();
  readonly #registered: string[] = [];
  /** Text files, which are read once when attached. */
  readonly #passing: string[] = [];
  #loaded = 0;

  constructor(parts: WasmParts, place: Place) {
    this.#parts = parts;
    this.#place = place;
  }

  /** Quoted name of the database that was current before gauze came. */
  get home(): string {
    return quoted(this.#place.home);
  }

  async execute(sql: string): Promise<void> {
    await this.#parts.database.bindings.runQuery(this.#place.connection, sql);
  }

  /** Whether a data set's tables are those of the connection itself, not of files. */
  isInPlace(dataset: Dataset): boolean {
    return [...dataset.tables.values()].some((table) => table.file === null && this.#sourceOf(dataset) === null);
  }

  async locate(dataset: Dataset, table: Table): Promise<SourceTable> {
    const place = `${dataset.name}.${table.name}`;
    if (table.file !== null) return this.#locateFile(place, table.file, wantedBy(dataset, table));
    const source = this.#sourceOf(dataset);
    if (source === null && this.#parts.database.owned) {
      throw unfit(place, 'neither the table names a file nor the data set a source', 'Write source: or file:');
    }
    const database = source === null ? this.#place.home : await this.#attachDatabase(dataset.name, source);
    const rows = await this.#rows(
      `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ${textSql(database)} ` +
        `AND schema_name = 'main' AND ${folded('table_name')} = ${textSql(foldName(table.name))} ORDER BY column_index`,
    );
    const [first] = rows;
    if (first === undefined) {
      const where = source ?? 'the connection';
      throw unfit(place, `${where} has no table of this name`, 'Correct the name, or leave the table out.');
    }
    return {
      from: `${quoted(database)}."main".${quoted(String(first[0]))}`,
      columns: rows.map(([, name, type]) => ({ name: String(name), type: String(type) })),
      text: false,
    };
  }

  /** Lets go of files that were read once. */
  async release(): Promise<void> {
    for (const name of this.#passing.splice(0)) await this.#parts.database.bindings.dropFile(name);
  }

  /** Takes attached files out of a database that is not gauze's own. */
  async detach(): Promise<void> {
    for (const name of this.#databases.values()) await this.execute(`DETACH ${quoted(name)}`);
    await this.release();
    for (const name of this.#registered) await this.#parts.database.bindings.dropFile(name);
  }

  #sourceOf(dataset: Dataset): string | null {
    const source = dataset.source ?? this.#parts.source;
    if (source === null || this.#parts.database.owned) return source;
    return this.#parts.files.list(source).length === 0 ? null : source;
  }

  async #locateFile(place: string, pattern: string, isWanted: (name: string) => boolean): Promise<SourceTable> {
    const { files } = this.#parts;
    const names = files.list(pattern);
    if (names.length === 0) throw unfit(place, `there is no file ${pattern}`, files.advice);
    const text = /\.(csv|tsv)(\.gz)?$/i.exec(pattern)?.[0];
    const from = text === undefined ? await this.#loadParquet(names, isWanted) : await this.#registerText(names, text);
    const rows = await this.#rows(`DESCRIBE SELECT * FROM ${from}`);
    return {
      from,
      columns: rows.map(([name, type]) => ({ name: String(name), type: String(type) })),
      text: text !== undefined,
    };
  }

  async #registerText(names: readonly string[], ending: string): Promise<string> {
    const { bindings } = this.#parts.database;
    const registered: string[] = [];
    for (const name of names) {
      const own = this.#ownName(ending.toLowerCase());
      await bindings.registerFileBuffer(own, await this.#read(name));
      this.#passing.push(own);
      registered.push(own);
    }
    return readText(`[${registered.map(textSql).join(', ')}]`, ending);
  }

  async #loadParquet(names: readonly string[], isWanted: (name: string) => boolean): Promise<string> {
    const module: ParquetModule = await loadParquet(this.#parts.loadParquet);
    const tables: string[] = [];
    for (const name of names) {
      const table = this.#ownName('');
      const bytes = await this.#read(name);
      const { stream, uuids } = parquetToArrow(module, bytes, isWanted, null);
      await this.#parts.database.bindings.insertArrowFromIPCStream(this.#place.connection, stream, {
        name: table,
        schema: 'main',
        create: true,
      });
      const texts = uuids.map((column) => `${uuidText(quoted(column))} AS ${quoted(column)}`);
      const items = texts.length === 0 ? '*' : `* REPLACE (${texts.join(', ')})`;
      tables.push(`SELECT ${items} FROM "gauze"."main".${quoted(table)}`);
    }
    return `(${tables.join(' UNION ALL BY NAME ')}) AS "files"`;
  }

  async #attachDatabase(dataset: string, source: string): Promise<string> {
    const [path] = this.#parts.files.list(source);
    if (path === undefined) throw unfit(dataset, `there is no file ${source}`, this.#parts.files.advice);
    const known = this.#databases.get(path);
    if (known !== undefined) return known;
    const file = this.#ownName('.duckdb');
    const start = await this.#registerDatabase(path, file);
    for (const log of this.#parts.files.list(`${source}.wal`)) {
      await this.#parts.database.bindings.registerFileBuffer(`${file}.wal`, await this.#read(log));
      this.#registered.push(`${file}.wal`);
    }
    const name = `gauze_s${this.#databases.size}`;
    try {
      await this.execute(`ATTACH ${textSql(file)} AS ${quoted(name)} (READ_ONLY)`);
    } catch {
      throw unreadableDatabase(source, start);
    }
    this.#databases.set(path, name);
    return name;
  }

  /** Makes a DuckDB file known to the worker; its first bytes. */
  async #registerDatabase(path: string, as: string): Promise<Uint8Array> {
    const { files, database } = this.#parts;
    this.#registered.push(as);
    const blob = files.blob(path);
    if (blob !== null) {
      await database.bindings.registerFileHandle(as, blob, BROWSER_FILEREADER, true);
      return new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer());
    }
    const bytes = await this.#read(path);
    const start = bytes.slice(0, HEADER_BYTES);
    await database.bindings.registerFileBuffer(as, bytes);
    return start;
  }

  /** The content, in a buffer that the worker may keep. */
  async #read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await this.#parts.files.read(name);
    } catch (error) {
      if (error instanceof GauzeError) throw error;
      throw unavailable(
        `The file ${name} cannot be read into memory.`,
        'Check that it may be read. Files of more than 2 GB are for the native engine.',
      );
    }
  }

  #ownName(ending: string): string {
    this.#loaded += 1;
    return `gauze_f${this.#loaded}${ending}`;
  }

  async #rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return readRows(await this.#parts.database.bindings.runQuery(this.#place.connection, sql));
  }
}

/** Whether a table's rows are needed with a column: it is listed, holds the unit, or others are reached by it. */
function wantedBy(dataset: Dataset, table: Table): (name: string) => boolean {
  const wanted = new Set([...table.columns.keys()].map(foldName));
  for (const { unit } of dataset.tables.values()) {
    if (unit !== null) wanted.add(foldName(unit.kind === 'column' ? unit.column : unit.on));
  }
  return (name) => wanted.has(foldName(name));
}

/** Sixteen bytes as DuckDB shows a UUID. */
function uuidText(column: string): string {
  const digits = `lower(hex(${column}))`;
  return `regexp_replace(${digits}, '^(.{8})(.{4})(.{4})(.{4})(.{12})$', '\\1-\\2-\\3-\\4-\\5')`;
}

function textSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
