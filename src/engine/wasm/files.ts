/** Data files as wasm engines get them: on a disk, or handed in by a page. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Dataset } from '../../policy/policy.ts';
import { unavailable } from '../failures.ts';

/** Where the files that a policy names are found. */
export interface WasmFiles {
  /** What to do when a file is missing. */
  readonly advice: string;
  /** Names that a path or glob of the policy means, sorted. */
  list(pattern: string): readonly string[];
  /** The content, in a buffer of its own. */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The file as a Blob, where it is one: it can be read in place. */
  blob(name: string): Blob | null;
  /** Hex HMAC-SHA-256 over names and bytes of a data set's files. */
  fingerprint(dataset: Dataset, key: Uint8Array): Promise<string>;
}

/** One data file of a page. A URL is fetched once, whole. */
export type DataSource = Blob | Uint8Array | URL;

/** Files that a page hands in, by the names that the policy gives them (`source` and `file`). */
export function givenFiles(sources: Readonly<Record<string, DataSource>>): WasmFiles {
  const blobs = new Map<string, Promise<Blob>>();
  const open = (name: string): Promise<Blob> => {
    const known = blobs.get(name);
    if (known !== undefined) return known;
    const opened = openSource(name, sources[name]);
    blobs.set(name, opened);
    return opened;
  };
  const list = (pattern: string): readonly string[] => {
    const expression = globExpression(pattern);
    return Object.keys(sources)
      .filter((name) => name === pattern || expression.test(name))
      .sort();
  };
  return {
    advice: 'Give the file to open under this name, in sources; or correct the name in the policy.',
    list,
    read: async (name) => new Uint8Array(await (await open(name)).arrayBuffer()),
    blob: (name) => {
      const source = sources[name];
      return source instanceof Blob ? source : null;
    },
    fingerprint: async (dataset, key) => {
      const digest = hmac.create(sha256, key);
      for (const name of filesOf(dataset, list)) {
        const blob = await open(name);
        digest.update(new TextEncoder().encode(`${name}\0${blob.size}\0`));
        const reader = blob.stream().getReader();
        for (let part = await reader.read(); !part.done; part = await reader.read()) digest.update(part.value);
      }
      return bytesToHex(digest.digest());
    },
  };
}

/** Names of a data set's files, each once, sorted. */
function filesOf(dataset: Dataset, list: (pattern: string) => readonly string[]): readonly string[] {
  const files = new Set<string>();
  for (const table of dataset.tables.values()) {
    const pattern = table.file ?? dataset.source;
    if (pattern === null) continue;
    for (const name of list(pattern)) files.add(name);
    if (table.file === null) for (const name of list(`${pattern}.wal`)) files.add(name);
  }
  return [...files].sort();
}

async function openSource(name: string, source: DataSource | undefined): Promise<Blob> {
  if (source instanceof Blob) return source;
  if (source instanceof Uint8Array) return new Blob([source as Uint8Array<ArrayBuffer>]);
  if (source instanceof URL) {
    const response = await fetch(source).catch(() => null);
    if (response?.ok) return response.blob();
  }
  throw unavailable(
    `The file ${name} cannot be fetched.`,
    'Check that its address is right and open to this page, or give the file itself.',
  );
}

/** A glob with `*`, `?` and `**` as an expression. */
function globExpression(pattern: string): RegExp {
  const pieces = pattern.replaceAll('\\', '/').split(/(\*\*\/|\*|\?)/);
  const source = pieces.map((piece) => {
    if (piece === '**/') return '(?:[^/]+/)*';
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    return piece.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'u');
}
