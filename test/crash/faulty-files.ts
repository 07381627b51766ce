/** The platform's files, of which any operation can be made to fail. */
import type * as nodeFiles from 'node:fs';

export interface Operation {
  readonly name: string;
  /** The path it is about: that of the draft for a link or a rename, that of the file for a descriptor. */
  readonly path: string;
  readonly parts: readonly unknown[];
}

/** `fails` names the platform's error for an operation, or lets it be. */
export const disk: { fails: (operation: Operation) => 'EACCES' | 'EIO' | 'ENOSPC' | null } = { fails: () => null };

type Files = typeof nodeFiles;

/** The real module with every synchronous operation asking `disk` first; a failing write leaves half its bytes behind. */
export function faulty(real: Files): Files & { default: Files } {
  const paths = new Map<unknown, string>();
  const wrap = (name: string, operation: (...parts: unknown[]) => unknown) => {
    return (...parts: unknown[]): unknown => {
      const [first] = parts;
      const path = typeof first === 'string' ? first : (paths.get(first) ?? '');
      const error = disk.fails({ name, path, parts });
      if (error === null) {
        const result = operation(...parts);
        if (name === 'openSync') paths.set(result, path);
        return result;
      }
      // Closing gives the descriptor up even where it reports an error.
      if (name === 'closeSync') operation(...parts);
      if (name === 'writeSync' && typeof parts[3] === 'number') {
        operation(first, parts[1], parts[2], Math.floor(parts[3] / 2));
      }
      if (name === 'writeFileSync' && error === 'ENOSPC') {
        const text = String(parts[1]);
        operation(first, text.slice(0, text.length / 2), parts[2]);
      }
      throw Object.assign(new Error(`${error}: ${name}`), { code: error });
    };
  };
  const files = Object.fromEntries(
    Object.entries(real).map(([name, value]) => [
      name,
      typeof value === 'function' && name.endsWith('Sync') ? wrap(name, value as never) : value,
    ]),
  ) as unknown as Files;
  return { ...files, default: files };
}
