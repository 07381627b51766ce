/** duckdb-wasm as an engine: files are loaded or attached, then the database is locked. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { GauzeError, invariant } from '../../errors.ts';
import type { Dataset } from '../../policy/policy.ts';
import type { Attachments, SourceHost } from '../attach.ts';
import type { RawResult } from '../columns.ts';
import type { Deadline } from '../deadline.ts';
import { type DuckDbAdapter, type Job, UNIT_BITS } from '../duckdb-engine.ts';
import { unavailable } from '../failures.ts';
import { runInSteps } from './bindings.ts';
import { contentQuery } from './content.ts';
import { readResult, readRows } from './read-result.ts';
import { type WasmParts, WasmSources } from './sources.ts';

/** The adapter between `duckDbEngine` and duckdb-wasm. */
export class WasmAdapter implements DuckDbAdapter {
  readonly name = 'duckdb-wasm';
  /** The bindings take no parameters for statements that can be cancelled. */
  readonly texts = 'written';
  readonly host: SourceHost;
  readonly #parts: WasmParts;
  readonly #main: number;
  readonly #sources: WasmSources;
  readonly #idle: { readonly groups: number[]; readonly units: number[] } = { groups: [], units: [] };
  /** Reads under way: how to leave each, and when the worker has let go of it. */
  readonly #reads = new Map<() => void, Promise<unknown>>();

  private constructor(parts: WasmParts, main: number, sources: WasmSources) {
    this.#parts = parts;
    this.#main = main;
    this.#sources = sources;
    this.host = sources;
  }

  /** @throws GauzeError ENGINE_UNAVAILABLE when another session holds the connection's database */
  static async create(parts: WasmParts): Promise<WasmAdapter> {
    const { bindings, owned } = parts.database;
    const main = await bindings.connectInternal();
    const execute = async (sql: string): Promise<void> => {
      await bindings.runQuery(main, sql);
    };
    if (owned) {
      // First of all: a function or file format that is missing would else be waited for from the network.
      await execute('SET autoinstall_known_extensions = false');
      await execute('SET autoload_known_extensions = false');
      await execute('SET allow_community_extensions = false');
    }
    const [home] = readRows(await bindings.runQuery(main, 'SELECT current_database()'));
    const open = "SELECT 1 FROM duckdb_databases() WHERE database_name = 'gauze'";
    // Asked first: the worker of duckdb-wasm writes every failed statement to the console.
    if (readRows(await bindings.runQuery(main, open)).length > 0) {
      await bindings.disconnect(main);
      throw unavailable(
        'Another session is open on this connection.',
        'Close that session first, or give each session a duckdb-wasm of its own.',
      );
    }
    await execute(`ATTACH ':memory:' AS "gauze"`);
    await execute('USE "gauze"');
    const sources = new WasmSources(parts, { connection: main, home: String(home?.[0]) });
    const adapter = new WasmAdapter(parts, main, sources);
    const units = await bindings.connectInternal();
    await bindings.runQuery(units, `SET SESSION perfect_ht_threshold = ${UNIT_BITS}`);
    adapter.#idle.units.push(units);
    return adapter;
  }

  async lock(): Promise<void> {
    await this.#sources.release();
    if (!this.#parts.database.owned) return;
    await this.host.execute('SET enable_external_access = false');
    await this.host.execute('SET lock_configuration = true');
  }

  async run(job: Job, deadline: Deadline): Promise<RawResult> {
    invariant(job.parameters.length === 0, 'texts are written inside statements for wasm');
    const { bindings } = this.#parts.database;
    const pool = job.byOneColumn && this.#idle.units.length > 0 ? this.#idle.units : this.#idle.groups;
    const connection = pool.pop() ?? (await bindings.connectInternal());
    let stopped = false;
    let leave = (): void => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        stopped = true;
        reject(new Error('stopped'));
      };
    });
    // The connection is free again only when the worker has let go of the statement; the caller need not wait for that.
    const pieces = runInSteps(bindings, connection, job.sql, () => stopped).finally(() => {
      pool.push(connection);
      this.#reads.delete(leave);
    });
    this.#reads.set(leave, pieces);
    for (const promise of [left, pieces]) promise.catch(() => undefined);
    return readResult(await deadline.during(() => Promise.race([pieces, left]), leave), job.columns);
  }

  async fingerprint(dataset: Dataset, key: Uint8Array, attached: Attachments): Promise<string> {
    if (!this.#sources.isInPlace(dataset)) return this.#parts.files.fingerprint(dataset, key);
    const digest = hmac.create(sha256, key);
    for (const table of dataset.tables.values()) {
      const sql = contentQuery(dataset, table, attached);
      if (sql === null) continue;
      const [row] = readRows(await this.#parts.database.bindings.runQuery(this.#main, sql));
      digest.update(new TextEncoder().encode(`${table.name}\0${String(row?.[0])}\0`));
    }
    return bytesToHex(digest.digest());
  }

  async close(): Promise<void> {
    const { bindings, owned } = this.#parts.database;
    const reads = [...this.#reads];
    for (const [leave] of reads) leave();
    if (!owned) {
      await Promise.allSettled(reads.map(([, read]) => read));
      await bindings.runQuery(this.#main, `USE ${this.#sources.home}`);
      await this.#sources.detach();
      await bindings.runQuery(this.#main, 'DETACH "gauze"');
      for (const connection of [...this.#idle.groups, ...this.#idle.units, this.#main])
        await bindings.disconnect(connection);
    }
    await this.#parts.database.close();
  }
}

/** Passes typed errors; everything else of an engine that does not start becomes ENGINE_UNAVAILABLE. */
export function notStarted(error: unknown): GauzeError {
  if (error instanceof GauzeError) return error;
  return unavailable(
    'duckdb-wasm did not start.',
    'Check that its worker and module are served where `bundle` says, and that the page may run WebAssembly.',
  );
}
