/** A Chromium of the system or of npm, and a page of ours on the loopback: storage needs an origin. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sparticuz from '@sparticuz/chromium';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser, or why there is none. */
export async function launch(): Promise<Browser | string> {
  const system = SYSTEM.find((path) => existsSync(path));
  try {
    return await chromium.launch(
      system === undefined
        ? { executablePath: await sparticuz.executablePath(), args: sparticuz.args }
        : { executablePath: system, args: ['--no-sandbox'] },
    );
  } catch {
    return 'no Chromium starts here';
  }
}

/** Serves an empty page that runs the bundle of `entry`; its address and how to stop. */
export async function serve(entry: string): Promise<{ readonly url: string; stop(): void }> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
  });
  const script = outputFiles[0]!.text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/script.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script type="module" src="/script.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop: () => server.close() };
}
