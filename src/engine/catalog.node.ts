/** Names and types of a file's tables, for a first policy. */
import type { DraftCatalog } from '../policy/index.ts';

export async function draftCatalog(path: string): Promise<DraftCatalog> {
  throw new Error(path);
}
