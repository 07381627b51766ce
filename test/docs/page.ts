/** Runs modules of the documentation in a real browser: one page a module, with the network's files beside it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };
const WASM = 'node_modules/@duckdb/duckdb-wasm/dist';
const RUN_MS = 90_000;

/** What a module wrote to the console; an error it threw comes last. */
export async function runInPage(browser: Browser, text: string, folder: string): Promise<string> {
  const entry = join(folder, 'page.ts');
  writeFileSync(entry, `${text}\ndocument.title = 'done';\n`);
  const built = await build({
    entryPoints: [entry],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    alias: { gauze: resolve('src/index.ts') },
    logLevel: 'error',
    write: false,
  });
  const files: Readonly<Record<string, () => string | Buffer>> = {
    '/': () => '<!doctype html><title>…</title><script type="module" src="/page.js"></script>',
    '/page.js': () => built.outputFiles[0]!.text,
    '/network.yaml': () => readFileSync(join(folder, 'network.yaml')),
    '/network.duckdb': () => readFileSync(join(folder, 'network.duckdb')),
    '/duckdb-eh.wasm': () => readFileSync(`${WASM}/duckdb-eh.wasm`),
    '/duckdb-browser-eh.worker.js': () => readFileSync(`${WASM}/duckdb-browser-eh.worker.js`),
  };
  const server = createServer(({ url = '/' }, response) => {
    const file = files[url];
    const type = TYPES[url === '/' ? 'html' : (url.split('.').pop() ?? '')];
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': type ?? 'application/octet-stream' });
    response.end(file?.());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const page = await browser.newPage();
  try {
    const lines: string[] = [];
    page.on('console', (message) => {
      if (message.type() !== 'error') lines.push(message.text());
    });
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject));
    failed.catch(() => undefined);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await Promise.race([page.waitForFunction(() => document.title === 'done', null, { timeout: RUN_MS }), failed]);
    return lines.join('\n');
  } finally {
    await page.close();
    server.close();
  }
}
