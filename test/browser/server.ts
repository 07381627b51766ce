/** A page under a strict content security policy, from the loopback: gauze bundled, and the files it needs beside it. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'esbuild';

/** What README tells people to send with their pages. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; object-src 'none'";
const TYPES: Readonly<Record<string, string>> = { '.wasm': 'application/wasm', '.js': 'text/javascript' };

const { resolve } = createRequire(import.meta.url);
const FILES: Readonly<Record<string, string>> = {
  '/duckdb-eh.wasm': resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'),
  '/duckdb-browser-eh.worker.js': resolve('@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js'),
  '/parquet_wasm_bg.wasm': resolve('parquet-wasm/esm/parquet_wasm_bg.wasm'),
};

/** Serves the bundle of `entry`, the modules, and `/data/` from a folder. */
export async function serveApp(
  entry: string,
  data: string,
): Promise<{ readonly url: string; readonly bytes: number; stop(): void }> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'error',
  });
  const script = outputFiles[0]!.contents;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const file = FILES[path] ?? (path.startsWith('/data/') ? join(data, path.slice('/data/'.length)) : null);
    response.setHeader('content-security-policy', POLICY);
    if (path === '/') {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><script type="module" src="/script.js"></script>');
    } else if (path === '/script.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(script);
    } else if (file !== null && existsSync(file)) {
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      createReadStream(file).pipe(response);
    } else {
      response.statusCode = path === '/favicon.ico' ? 204 : 404;
      response.end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, bytes: script.length, stop: () => server.close() };
}
