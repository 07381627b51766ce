/** Copies of a state folder: consistent, checked, and never a way to spend again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Store } from '../charge/ledger.ts';
import type { Place } from '../charge/place.ts';
import { sha256Hex } from '../crypto/canonical.ts';
import { makeFolder, replaceFile, writeFirst } from '../crypto/durable-file.node.ts';
import { GauzeError } from '../errors.ts';
import { type Act, noteExport } from './acts.ts';

/** What lies in a backup: its files with their SHA-256 (hex), and where the journal stood. */
export interface Manifest {
  readonly format: 'gauze-backup-1';
  readonly time: string;
  readonly head: Place | null;
  readonly files: Readonly<Record<string, string>>;
}

const MANIFEST = 'manifest.json';
const SINGLE = ['journal', 'key', 'secret', 'registration.json', 'withdrawn.json'];

/**
 * Copies journal, keys, data versions and stored answers into a new folder while nobody charges, mode 0700. It holds the
 * keys: keep it where the state folder itself could lie.
 *
 * @throws GauzeError USAGE where the folder holds a backup already, LEDGER_UNAVAILABLE when it cannot be written
 */
export async function backUp(act: Act, store: Store, folder: string, target: string): Promise<Manifest> {
  if (existsSync(join(target, MANIFEST))) {
    throw new GauzeError('USAGE', {
      message: `${target} holds a backup already.`,
      next: 'Name a new folder; backups are never overwritten.',
    });
  }
  const head = await act.ledger.head();
  const files = await store.exclusively(async () => copied(folder, target));
  const manifest: Manifest = { format: 'gauze-backup-1', time: act.now.toISOString(), head, files };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  replaceFile(join(target, MANIFEST), text);
  await noteExport(act, 'backup', sha256Hex(new TextEncoder().encode(text)), { from: null, to: null });
  return manifest;
}

/** The manifest of a backup whose every file is as it was written. @throws GauzeError USAGE, CRYPTO_DECODE */
export function readBackup(source: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(source, MANIFEST), 'utf8')) as Manifest;
  } catch {
    throw new GauzeError('USAGE', {
      message: `${source} holds no backup of gauze.`,
      next: 'Name the folder that gauze backup wrote.',
    });
  }
  const isWhole = manifest.format === 'gauze-backup-1' && typeof manifest.files === 'object' && manifest.files !== null;
  for (const [name, digest] of isWhole ? Object.entries(manifest.files) : []) {
    if (!/^(answers\/)?[\w.-]+$/.test(name) || digestOf(join(source, name)) !== digest) throw damaged(name);
  }
  if (!isWhole || manifest.files.journal === undefined) throw damaged('journal');
  return manifest;
}

function copied(folder: string, target: string): Record<string, string> {
  const answers = join(folder, 'answers');
  const names = [
    ...SINGLE.filter((name) => existsSync(join(folder, name))),
    ...(existsSync(answers) ? readdirSync(answers).map((name) => `answers/${name}`) : []),
  ].filter((name) => !name.startsWith('answers/draft-'));
  try {
    makeFolder(target);
    if (existsSync(answers)) makeFolder(join(target, 'answers'));
    for (const name of names) writeFirst(join(target, name), readFileSync(join(folder, name), 'utf8'));
  } catch {
    throw new GauzeError('LEDGER_UNAVAILABLE', {
      message: `The backup cannot be written to ${target}.`,
      next: 'Name a folder with enough space that this user may write to.',
    });
  }
  return Object.fromEntries(names.map((name) => [name, digestOf(join(target, name)) ?? '']));
}

/** Puts a file of a backup where there is none. */
export function putMissing(source: string, folder: string, name: string): void {
  const path = join(folder, name);
  if (existsSync(path) || !existsSync(join(source, name))) return;
  makeFolder(dirname(path));
  writeFirst(path, readFileSync(join(source, name), 'utf8'));
}

function digestOf(path: string): string | null {
  return existsSync(path) ? sha256Hex(readFileSync(path)) : null;
}

function damaged(name: string): GauzeError {
  return new GauzeError('CRYPTO_DECODE', {
    message: `The backup is damaged: ${name} is not what was written.`,
    next: 'Take another backup.',
  });
}
