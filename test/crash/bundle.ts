/** Programs that the crash tests run, and kill, as processes of their own. */
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles `test/crash/NAME.ts` into a folder; the path to run. Packages with binaries are found where they are installed. */
export async function bundle(name: string, folder: string): Promise<string> {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  await build({
    entryPoints: [`test/crash/${name}.ts`],
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    external: ['@duckdb/*', 'parquet-wasm'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    outExtension: { '.js': '.mjs' },
    outdir: folder,
    logLevel: 'error',
  });
  return join(folder, `${name}.mjs`);
}
