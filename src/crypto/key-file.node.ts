/** The data holder's key in a file, mode 0600, made on first use. */
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { GauzeError } from '../errors.ts';
import { randomBytes } from './entropy.ts';
import { keyFrom, makeKey, type SigningKey } from './sign.ts';

/**
 * The key in `path`, made there if there is none; two processes that race get the same one. Null gives a key that lives
 * with the process only.
 *
 * @throws GauzeError CRYPTO_DECODE when the file holds no key, LEDGER_UNAVAILABLE when it cannot be written
 */
export function loadOrCreateKey(path: string | null): SigningKey {
  if (path === null) return makeKey();
  const found = read(path);
  if (found !== null) return found;
  const draft = `${path}.${bytesToHex(randomBytes(8))}`;
  try {
    writeFileSync(draft, `${bytesToHex(makeKey().secret)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    try {
      linkSync(draft, path);
    } catch {
      // Another process was first; its key is the key.
    }
    unlinkSync(draft);
  } catch {
    throw new GauzeError('LEDGER_UNAVAILABLE', {
      message: 'The signing key cannot be written beside the journal.',
      next: 'Make the folder writable for this user.',
    });
  }
  const made = read(path);
  if (made !== null) return made;
  throw new GauzeError('CRYPTO_DECODE', {
    message: 'The signing key vanished.',
    next: 'Check the folder beside the policy.',
  });
}

function read(path: string): SigningKey | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new GauzeError('CRYPTO_DECODE', {
      message: 'The key file beside the journal holds no key.',
      next: 'Restore it from a backup; a new key would not verify old receipts.',
    });
  }
  return keyFrom(hexToBytes(text));
}
