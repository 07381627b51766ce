/** Stored answers as files beside the journal, authenticated: a forged or damaged one is not released. */
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { randomBytes } from '../crypto/entropy.ts';
import type { SigningKey } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { AnswerStore } from './recall.ts';
import { sealAnswer, unsealAnswer } from './recall-seal.ts';

/** One file an answer in `folder`, mode 0600. @throws GauzeError LEDGER_UNAVAILABLE, CRYPTO_SIGNATURE */
export function fileAnswers(folder: string, key: SigningKey): AnswerStore {
  return {
    find: async (name) => {
      let text: string;
      try {
        text = readFileSync(join(folder, name), 'utf8');
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return null;
        throw new GauzeError('LEDGER_UNAVAILABLE', {
          message: 'A stored answer cannot be read, so it is not asked and paid for again.',
          next: 'Let this user read the folder of answers beside the policy.',
        });
      }
      return unsealAnswer(name, text, key);
    },
    keep: async (name, body) => {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const draft = join(folder, `draft-${bytesToHex(randomBytes(8))}`);
        writeFileSync(draft, sealAnswer(name, body, key), { mode: 0o600, flag: 'wx', flush: true });
        linkFirst(draft, join(folder, name));
        const directory = openSync(folder, 'r');
        fsyncSync(directory);
        closeSync(directory);
      } catch {
        throw new GauzeError('LEDGER_UNAVAILABLE', {
          message: 'The answer cannot be stored, so it is not shown; its charge stays.',
          next: 'Check the free space and permissions of the folder beside the policy.',
        });
      }
    },
  };
}

/** Gives the draft its name unless one is there already: the first answer is the answer. */
function linkFirst(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
