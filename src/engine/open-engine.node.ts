/** The engine a Node session uses: native DuckDB where it has a binary, else wasm. */
import { openNative } from './duckdb-native.node.ts';
import type { Engine } from './engine.ts';

export async function openEngine(name: 'native' | 'wasm' | null, policyDirectory: string): Promise<Engine> {
  return openNative({ policyDirectory });
}
