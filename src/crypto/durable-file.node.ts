/**
 * Files that outlast a crash or a power cut: written whole under a draft's name, synced, then named, and the name synced.
 * Nobody ever reads half of one. Errors are the platform's; who knows what the file is for gives them a code.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { randomBytes } from './entropy.ts';

/** Text of a file; null only where there is none. */
export function readFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Names in a folder; none only where there is no folder. */
export function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the file, mode 0600, unless one has its name already: then the first stays as it is. */
export function writeFirst(path: string, text: string | Uint8Array): void {
  written(path, text, (draft) => {
    try {
      linkSync(draft, path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  });
}

/** Makes the file, mode 0600 unless said, or puts the new text or bytes in place of the old ones, whole. */
export function replaceFile(path: string, text: string | Uint8Array, mode = 0o600): void {
  written(path, text, (draft) => {
    // The mode of a new file is cut down by what the process may give away.
    if (mode !== 0o600) chmodSync(draft, mode);
    renameSync(draft, path);
  });
}

/** Gives a file another name, in place of the file that had it; durable. Both stand in one folder. */
export function nameFile(path: string, name: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(path, name);
  syncFolder(dirname(name));
}

/** Makes a folder, mode 0700, and those above it, where they are missing. */
export function makeFolder(folder: string): void {
  const made = mkdirSync(resolve(folder), { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  const top = dirname(resolve(made));
  for (let above = dirname(resolve(folder)); ; above = dirname(above)) {
    syncFolder(above);
    if (above === top) return;
  }
}

function written(path: string, text: string | Uint8Array, name: (draft: string) => void): void {
  const folder = dirname(path);
  const draft = join(folder, `draft-${bytesToHex(randomBytes(8))}`);
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    name(draft);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
