/** duckdb-wasm in a thread of Node, over files of the disk: for machines that have no native DuckDB. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import { duckDbEngine } from './duckdb-engine.ts';
import { startDatabase } from './duckdb-wasm.ts';
import type { Engine } from './engine.ts';
import { dataFiles, fingerprintFiles } from './files.node.ts';
import { notStarted, WasmAdapter } from './wasm/adapter.ts';
import type { WasmDatabase } from './wasm/bindings.ts';
import type { WasmFiles } from './wasm/files.ts';

/** How to open duckdb-wasm in Node. */
export interface NodeWasmOptions {
  /** Folder that the policy's relative file names start from; the current folder unless given. */
  readonly policyDirectory?: string;
  /** DuckDB file for data sets that name no source. */
  readonly database?: string;
  /** Select pairs by MD5 instead of DuckDB's hash: for comparing engines. */
  readonly portableHash?: boolean;
}

/**
 * Opens duckdb-wasm in a thread. Files are copied into its memory, of which it has 4 GB.
 *
 * @throws GauzeError ENGINE_UNAVAILABLE when it does not start
 */
export async function openWasm(options: NodeWasmOptions = {}): Promise<Engine> {
  const database = await startInThread();
  try {
    const source = options.database ?? null;
    const files = diskFiles(resolve(options.policyDirectory ?? '.'), source);
    const adapter = await WasmAdapter.create({
      database,
      files,
      loadParquet: () => import('parquet-wasm/node'),
      source,
    });
    return duckDbEngine(adapter, { portableHash: options.portableHash ?? false });
  } catch (error) {
    await database.close();
    throw notStarted(error);
  }
}

/** Starts duckdb-wasm in a thread. @throws GauzeError ENGINE_UNAVAILABLE */
export async function startInThread(): Promise<WasmDatabase> {
  try {
    const { resolve: find } = createRequire(import.meta.url);
    const worker = webWorker(find('@duckdb/duckdb-wasm/dist/duckdb-node-eh.worker.cjs'));
    return await startDatabase(worker, find('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'));
  } catch (error) {
    throw notStarted(error);
  }
}

/** What duckdb-wasm's script for Node expects to find around it. */
const SURROUNDINGS = `
  const { parentPort, workerData } = require('node:worker_threads');
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  parentPort.on('message', (data) => globalThis.onmessage({ data }));
  require(workerData);
`;

/** A thread that looks like a Web Worker, as far as duckdb-wasm goes. What it prints is dropped: it quotes data. */
function webWorker(script: string): Worker {
  const thread = new Thread(SURROUNDINGS, { eval: true, workerData: script, stdout: true, stderr: true });
  for (const output of [thread.stdout, thread.stderr]) output.resume();
  const heard = new Map<unknown, (value: unknown) => void>();
  const eventOf = (kind: string): string => (kind === 'close' ? 'exit' : kind);
  const worker: Pick<Worker, 'postMessage' | 'terminate'> & Record<string, unknown> = {
    postMessage: (message: unknown, transfer: unknown) => thread.postMessage(message, transfer as ArrayBuffer[]),
    terminate: () => {
      void thread.terminate();
    },
    addEventListener: (kind: string, listener: (event: unknown) => void) => {
      const hear = (value: unknown): void => listener(kind === 'message' ? { data: value } : value);
      heard.set(listener, hear);
      thread.on(eventOf(kind), hear);
    },
    removeEventListener: (kind: string, listener: (event: unknown) => void) => {
      thread.off(eventOf(kind), heard.get(listener) ?? listener);
    },
  };
  return worker as unknown as Worker;
}

function diskFiles(directory: string, database: string | null): WasmFiles {
  return {
    advice: 'Correct the path; it starts at the policy.',
    list: (pattern) => dataFiles(directory, pattern),
    read: async (name) => new Uint8Array(await readFile(name)),
    blob: () => null,
    fingerprint: (dataset, key) => fingerprintFiles(dataset, key, directory, database),
  };
}
