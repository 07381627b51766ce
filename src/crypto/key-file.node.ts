/** The data holder's key in a file, mode 0600, made on first use. */
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { GauzeError } from '../errors.ts';
import { randomBytes } from './entropy.ts';
import { nativeKey } from './sign.node.ts';
import type { SigningKey } from './sign.ts';

/**
 * The key in `path`, made there if there is none; two processes that race get the same one. Null gives a key that lives
 * with the process only.
 *
 * @throws GauzeError CRYPTO_DECODE when the file holds no key, LEDGER_UNAVAILABLE when it cannot be read or written
 */
export function loadOrCreateKey(path: string | null): SigningKey {
  if (path === null) return nativeKey(randomBytes(32));
  const found = read(path);
  if (found !== null) return found;
  const draft = `${path}.${bytesToHex(randomBytes(8))}`;
  try {
    writeFileSync(draft, `${bytesToHex(randomBytes(32))}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkFirst(draft, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch {
    throw unavailable('cannot be written');
  }
  const made = read(path);
  if (made !== null) return made;
  throw unavailable('vanished');
}

/** Gives the draft its name unless another process was first: its key is the key. */
function linkFirst(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

function unavailable(how: string): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: `The signing key beside the journal ${how}.`,
    next: 'Let this user read and write the folder beside the policy.',
  });
}

function read(path: string): SigningKey | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw unavailable('cannot be read');
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new GauzeError('CRYPTO_DECODE', {
      message: 'The key file beside the journal holds no key.',
      next: 'Restore it from a backup; a new key would not verify old receipts.',
    });
  }
  return nativeKey(hexToBytes(text));
}
