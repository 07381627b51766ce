/** The engine a Node session uses: native DuckDB where it has a binary, else wasm. */
import type { NativeOptions } from './duckdb-native.node.ts';
import type { Engine } from './engine.ts';
import { unavailable } from './failures.ts';

/** An engine, with what its user should know about the choice. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly note: string | null;
}

/** Loads the native engine; rejects where its package or binary is missing. */
export type NativeLoader = () => Promise<{ openNative(options: NativeOptions): Promise<Engine> }>;

/**
 * Opens an engine. `null` takes the native one where it has a binary, else wasm, and says so.
 *
 * @param load - how the native engine is loaded
 * @throws GauzeError ENGINE_UNAVAILABLE
 */
export async function openEngine(
  name: 'native' | 'wasm' | null,
  policyDirectory: string,
  load: NativeLoader = () => import('./duckdb-native.node.ts'),
): Promise<OpenedEngine> {
  if (name === 'wasm') return { engine: await wasm(policyDirectory), note: null };
  const native = await load().catch(() => null);
  if (native !== null) return { engine: await native.openNative({ policyDirectory }), note: null };
  if (name === 'native') {
    throw unavailable(
      'The native DuckDB has no binary here.',
      'Install it: npm install @duckdb/node-api (Linux, macOS and Windows on x64 or arm64), or ask for the engine wasm.',
    );
  }
  return {
    engine: await wasm(policyDirectory),
    note: 'The native DuckDB has no binary here, so duckdb-wasm answered: slower, and with 4 GB of memory at most.',
  };
}

/** Loaded when needed: with native DuckDB it never is. */
async function wasm(policyDirectory: string): Promise<Engine> {
  const { openWasm } = await import('./duckdb-wasm.node.ts');
  return openWasm({ policyDirectory });
}
