/** Data files of a policy: which they are, and a keyed digest of their bytes. */
import { createHmac } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Dataset } from '../policy/policy.ts';

/** A path or name as an SQL string. */
export function textSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Files that a pattern with `*`, `?` and `**` names, sorted. */
export function dataFiles(directory: string, pattern: string): readonly string[] {
  if (!/[*?]/.test(pattern)) {
    const path = resolve(directory, pattern);
    return existsSync(path) && statSync(path).isFile() ? [path] : [];
  }
  const parts = resolve(directory, pattern).split(/[\\/]/);
  const fixed = parts.findIndex((part) => /[*?]/.test(part));
  const root = parts.slice(0, fixed).join(sep) || sep;
  return matching(root, parts.slice(fixed)).sort();
}

/**
 * Hex HMAC-SHA-256 over names and bytes of a data set's files, in a fixed order; a DuckDB file with its write-ahead log.
 * Names are relative to the policy, so a data set can be moved with it.
 */
export async function fingerprintFiles(
  dataset: Dataset,
  key: Uint8Array,
  directory: string,
  database: string | null,
): Promise<string> {
  const files = new Set<string>();
  for (const table of dataset.tables.values()) {
    if (table.file !== null) for (const file of dataFiles(directory, table.file)) files.add(file);
    const source = table.file === null ? (dataset.source ?? database) : null;
    if (source !== null) {
      const path = resolve(directory, source);
      files.add(path);
      if (existsSync(`${path}.wal`)) files.add(`${path}.wal`);
    }
  }
  const digest = createHmac('sha256', key);
  for (const file of [...files].sort()) {
    digest.update(`${relative(directory, file)}\0${statSync(file).size}\0`);
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 })) digest.update(bytes as Uint8Array);
  }
  return digest.digest('hex');
}

function matching(folder: string, parts: readonly string[]): string[] {
  const [part, ...rest] = parts;
  if (part === undefined || !existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  if (part === '**') {
    const below = entries
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => matching(join(folder, entry.name), parts));
    return [...matching(folder, rest), ...below];
  }
  const expression = new RegExp(
    `^${part
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return entries.flatMap((entry) => {
    if (!expression.test(entry.name)) return [];
    const path = join(folder, entry.name);
    if (rest.length > 0) return entry.isDirectory() ? matching(path, rest) : [];
    return entry.isDirectory() ? [] : [path];
  });
}
