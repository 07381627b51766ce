/** Stored answers as files beside the journal, signed: a forged or damaged one is not released. */
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../crypto/canonical.ts';
import { randomBytes } from '../crypto/entropy.ts';
import { type SigningKey, sign, verify } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { AnswerStore } from './recall.ts';

/** One file an answer in `folder`, mode 0600. @throws GauzeError LEDGER_UNAVAILABLE, CRYPTO_SIGNATURE */
export function fileAnswers(folder: string, key: SigningKey): AnswerStore {
  const message = (name: string, body: string): Uint8Array =>
    new TextEncoder().encode(`gauze answer v1\n${name}\n${body}`);
  return {
    find: async (name) => {
      let text: string;
      try {
        text = readFileSync(join(folder, name), 'utf8');
      } catch {
        return null;
      }
      const body = text.slice(text.indexOf('\n') + 1);
      if (verify(message(name, body), text.slice(0, text.indexOf('\n')), key.publicKey)) return body;
      throw new GauzeError('CRYPTO_SIGNATURE', {
        message: 'A stored answer was changed; it is not shown.',
        next: 'Restore the folder of answers from a backup, or remove the changed file and ask (and pay) again.',
      });
    },
    keep: async (name, body) => {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const draft = join(folder, `draft-${sha256Hex(randomBytes(16)).slice(0, 16)}`);
        writeFileSync(draft, `${sign(message(name, body), key)}\n${body}`, { mode: 0o600, flag: 'wx', flush: true });
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
