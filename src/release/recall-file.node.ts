/** Stored answers as files beside the journal, authenticated: a forged or damaged one is not released. */
import { join } from 'node:path';
import { makeFolder, readFile, writeFirst } from '../crypto/durable-file.node.ts';
import { GauzeError } from '../errors.ts';
import type { AnswerStore } from './recall.ts';
import { sealAnswer, unsealAnswer } from './recall-seal.ts';

/** One file an answer in `folder`, mode 0600. @throws GauzeError LEDGER_UNAVAILABLE, CRYPTO_SIGNATURE */
export function fileAnswers(folder: string, secret: Uint8Array): AnswerStore {
  return {
    find: async (name) => {
      let text: string | null;
      try {
        text = readFile(join(folder, name));
      } catch {
        throw new GauzeError('LEDGER_UNAVAILABLE', {
          message: 'A stored answer cannot be read, so it is not asked and paid for again.',
          next: 'Let this user read the folder of answers beside the policy.',
        });
      }
      return text === null ? null : unsealAnswer(name, text, secret);
    },
    keep: async (name, body) => {
      try {
        makeFolder(folder);
        writeFirst(join(folder, name), sealAnswer(name, body, secret));
      } catch {
        throw new GauzeError('LEDGER_UNAVAILABLE', {
          message: 'The answer cannot be stored, so it is not shown; its charge stays.',
          next: 'Check the free space and permissions of the folder beside the policy.',
        });
      }
    },
  };
}
