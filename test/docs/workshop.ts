/** A place to run the documentation in: gauze built once, and a folder with the network and its policy per document. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { NETWORK } from '../policy/network.ts';
import { writeNetwork } from './database.ts';

/** What a run left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Sources of the package's entry points as Node resolves them, by what a snippet imports. */
export const ENTRIES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync('package.json', 'utf8')).exports as Record<string, Exported>)
    .flatMap(([name, exported]) => {
      const file = typeof exported === 'string' ? exported : (exported.node ?? exported).default;
      if (file === undefined || !file.endsWith('.js')) return [];
      return [[`gauze${name.slice(1)}`, file.replace(/^\.\/dist/, 'src').replace(/\.js$/, '.ts')]];
    })
    .filter(([, file]) => existsSync(file as string)),
);

type Exported = string | { readonly node?: { readonly default: string }; readonly default?: string };

/** Folder below which snippets run; inside `node_modules`, so that packages resolve and no tool takes it for source. */
export class Workshop {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Builds gauze, writes the data, and puts a `gauze` and an `npx` on the path. */
  static async open(): Promise<Workshop> {
    mkdirSync('node_modules/.cache', { recursive: true });
    const workshop = new Workshop(resolve(mkdtempSync('node_modules/.cache/gauze-docs-')));
    await build({
      entryPoints: [...Object.values(ENTRIES), 'src/cli/main.ts'],
      outdir: join(workshop.folder, 'dist'),
      outbase: 'src',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'error',
    });
    copyFileSync('package.json', join(workshop.folder, 'package.json'));
    await writeNetwork(workshop.folder);
    const bin = join(workshop.folder, 'bin');
    mkdirSync(bin);
    const main = join(workshop.folder, 'dist/cli/main.js');
    const run = `exec "${process.execPath}" "${main}"`;
    writeFileSync(join(bin, 'gauze'), `#!/bin/sh\n${run} "$@"\n`, { mode: 0o755 });
    writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\n${run} "$@"\n`, { mode: 0o755 });
    return workshop;
  }

  /** A fresh folder with the policy of the documentation and its data. */
  place(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    copyFileSync(join(this.folder, 'network.duckdb'), join(folder, 'network.duckdb'));
    writeFileSync(join(folder, 'network.yaml'), NETWORK);
    return folder;
  }

  /** Runs a script of the shell; stops at its first failure. */
  shell(script: string, folder: string): Promise<Ran> {
    return run('/bin/sh', ['-e', '-c', script], folder, `${join(this.folder, 'bin')}:${process.env.PATH}`);
  }

  /** Runs a module of the documentation against the built gauze. */
  async module(text: string, folder: string, name: string): Promise<Ran> {
    const source = join(folder, `${name}.ts`);
    const output = join(folder, `${name}.mjs`);
    writeFileSync(source, text);
    await build({
      entryPoints: [source],
      outfile: output,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      plugins: [
        {
          name: 'gauze',
          setup: (plugin) => {
            plugin.onResolve({ filter: /^gauze(\/|$)/ }, ({ path }) => {
              const entry = ENTRIES[path];
              if (entry === undefined) return { errors: [{ text: `gauze exports no ${path}` }] };
              const file = join(this.folder, 'dist', entry.slice('src/'.length).replace(/\.ts$/, '.js'));
              return { path: file, external: true };
            });
          },
        },
      ],
      logLevel: 'silent',
    });
    return run(process.execPath, [output], folder, process.env.PATH ?? '');
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], folder: string, path: string): Promise<Ran> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: folder, env: { ...process.env, PATH: path, NO_COLOR: '1' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
    });
    child.stderr.on('data', (bytes) => {
      stderr += bytes;
    });
    child.stdin.end();
    child.on('error', failed);
    child.on('close', (code) => done({ code: code ?? 1, stdout, stderr }));
  });
}
