/** What a file is, by its content. */
import { isArrow } from './read-answer.ts';

/** Files that can be checked. */
export type FileKind = 'journal' | 'receipt' | 'answer' | 'incident' | 'evidence' | 'anchor';

/**
 * What a file is; null for one that gauze did not write. A journal is told by how its first entry begins, so that a
 * changed one is still told as one.
 */
export function recognise(head: Uint8Array, json: () => unknown): FileKind | null {
  if (isArrow(head)) return 'answer';
  const text = new TextDecoder('latin1').decode(head.subarray(0, 1000));
  if (/^[0-9a-f]{64} /.test(text) || /^[^{]{60,200}\{"content":/.test(text)) return 'journal';
  const value = json();
  if (typeof value !== 'object' || value === null) return null;
  const { body, columns, rows } = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(columns) && Array.isArray(rows)) return 'answer';
  const format = typeof body === 'object' && body !== null ? (body as { format?: unknown }).format : undefined;
  if (typeof format !== 'string') return null;
  if (format.startsWith('gauze-receipt-')) return 'receipt';
  if (format.startsWith('gauze-incident-')) return 'incident';
  if (format.startsWith('gauze-evidence-')) return 'evidence';
  return format.startsWith('gauze-anchor-') ? 'anchor' : null;
}
