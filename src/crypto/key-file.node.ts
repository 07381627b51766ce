/** The data holder's key in a file, mode 0600, made on first use. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { GauzeError } from '../errors.ts';
import { readFile, writeFirst } from './durable-file.node.ts';
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
  try {
    writeFirst(path, `${bytesToHex(randomBytes(32))}\n`);
  } catch {
    throw unavailable('cannot be written');
  }
  const made = read(path);
  if (made !== null) return made;
  throw unavailable('vanished');
}

function unavailable(how: string): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: `The signing key beside the journal ${how}.`,
    next: 'Let this user read and write the folder beside the policy.',
  });
}

function read(path: string): SigningKey | null {
  let text: string | null;
  try {
    text = readFile(path);
  } catch {
    throw unavailable('cannot be read');
  }
  if (text === null) return null;
  if (!/^[0-9a-f]{64}$/.test(text.trim())) {
    throw new GauzeError('CRYPTO_DECODE', {
      message: 'The key file beside the journal holds no key.',
      next: 'Restore it from a backup; a new key would not verify old receipts.',
    });
  }
  return nativeKey(hexToBytes(text.trim()));
}
