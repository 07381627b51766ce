/** Races between operating system processes over one journal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What a racer does. Where the journal is: a file, or the server on the socket in `host`. */
export interface Race {
  readonly file?: string;
  readonly host?: string;
  readonly schema?: string;
  /** Whether servers take turns by the store's lock. */
  readonly turns: boolean;
  /** Rounds of a charge each, over an account each; 0: charges to one account until it is used up. */
  readonly rounds: number;
  /** How many charges that one account admits. */
  readonly slices: number;
  /** Whether it kills itself once it has charged, before it settles. */
  readonly dies?: boolean;
}

/** How many charges the account of a round admits. */
export function slicesOf(round: number): number {
  return 1 + (round % 3);
}

/** Bundles the racer into `folder`, so that a process starts fast; the path to run. */
export async function bundleRacer(folder: string): Promise<string> {
  const outfile = join(folder, 'racer.mjs');
  await build({
    entryPoints: ['test/postgres/racer.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

/** A racer that runs, and every line it has printed whole. */
export class Racer {
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly lines: string[] = [];
  #rest = '';
  #heard: () => void = () => undefined;

  constructor(script: string, race: Race) {
    this.#process = spawn(process.execPath, [script, JSON.stringify(race)], { stdio: ['pipe', 'pipe', 'inherit'] });
    // A racer that was killed takes no more lines.
    this.#process.stdin?.on('error', () => undefined);
    this.#closed = once(this.#process, 'close').then(() => this.#heard());
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      const parts = (this.#rest + String(chunk)).split('\n');
      this.#rest = parts.pop() as string;
      this.lines.push(...parts);
      this.#heard();
    });
  }

  /** Waits until it has printed a line that starts so; the line. @throws Error when it ends before */
  async says(start: string): Promise<string> {
    for (;;) {
      const line = this.lines.find((one) => one.startsWith(start));
      if (line !== undefined) return line;
      if (this.isDead) {
        await this.#closed;
        throw new Error(`A racer ended before it said ${start}.`);
      }
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  get isDead(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  send(): void {
    this.#process.stdin?.write('go\n');
  }

  /** Kills it without its knowledge; its lines are whole then. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  /** The charges it was told of: round and entry. */
  charges(): { readonly round: number; readonly entry: string }[] {
    return this.lines.flatMap((line) => {
      const [, round, entry] = /^(\d+) ([0-9a-f]{64})$/.exec(line) ?? [];
      return entry === undefined ? [] : [{ round: Number(round), entry }];
    });
  }
}

/** Runs `count` racers at once to the end; they, and the heads they read when all were done. */
export async function run(
  script: string,
  count: number,
  race: Race,
): Promise<{ readonly racers: readonly Racer[]; readonly heads: readonly string[] }> {
  const racers = Array.from({ length: count }, () => new Racer(script, race));
  try {
    await Promise.all(racers.map((racer) => racer.says('ready')));
    for (const racer of racers) racer.send();
    await Promise.all(racers.map((racer) => racer.says('done')));
    for (const racer of racers) racer.send();
    const heads = await Promise.all(racers.map((racer) => racer.says('head ')));
    return { racers, heads };
  } finally {
    await Promise.all(racers.map((racer) => racer.kill()));
  }
}
