/** Anchors as files: one beside the journal, written at leisure, and one where the officer wants it, written for good. */
import * as nodeFiles from 'node:fs';
import { dirname } from 'node:path';
import { readFile, replaceFile } from '../../crypto/durable-file.node.ts';
import { GauzeError } from '../../errors.ts';
import type { AnchorStore } from '../anchor.ts';

/**
 * The anchor in `path`. A durable one is synced before the charge it notes is acted on. The other is not: a power cut may
 * lose or damage it, and then it says nothing; it is never ahead of the journal, which is synced first.
 */
export function anchorFile(path: string, durable: boolean): AnchorStore {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch {
      throw new GauzeError('LEDGER_UNAVAILABLE', {
        message: `The anchor of the journal cannot be read or written: ${path}`,
        next: 'Make its folder reachable and writable for this user, or change `ledger: { anchor: … }` in the policy.',
      });
    }
  };
  return {
    durable,
    read: async () => attempt(() => readFile(path)),
    check: async () => attempt(() => nodeFiles.accessSync(dirname(path), nodeFiles.constants.W_OK)),
    write: async (text) => {
      if (durable) attempt(() => replaceFile(path, text));
      else attempt(() => nodeFiles.writeFileSync(path, text, { mode: 0o600 }));
    },
  };
}
