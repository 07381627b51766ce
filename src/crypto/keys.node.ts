/** The keys of a state folder: the one that signs, which may be changed or lost, and the secret that seals, which stays. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { GauzeError } from '../errors.ts';
import { nameFile, readFile, writeFirst } from './durable-file.node.ts';
import { randomBytes } from './entropy.ts';
import { nativeKey } from './sign.node.ts';
import type { SigningKey } from './sign.ts';

/** What a data holder keeps to himself. */
export interface Keys {
  /** Signs journal and receipts. */
  readonly signing: SigningKey;
  /** Keys fingerprints of data and codes of stored answers. */
  readonly secret: Uint8Array;
}

/**
 * The keys in a folder, made there if there are none; two processes that race get the same ones. Null gives keys that live
 * with the process only. In folders of earlier versions one key did both.
 *
 * @throws GauzeError CRYPTO_DECODE when a file holds no key, LEDGER_UNAVAILABLE when one cannot be read or written
 */
export function loadOrCreateKeys(folder: string | null): Keys {
  if (folder === null) return { signing: nativeKey(randomBytes(32)), secret: randomBytes(32) };
  const earlier = read(join(folder, 'key'));
  const secret = readOrMake(join(folder, 'secret'), earlier);
  return { signing: nativeKey(readOrMake(join(folder, 'key'), null)), secret };
}

/** The key in a file of its own, such as an officer's. @throws GauzeError CRYPTO_DECODE, USAGE where there is none */
export function keyIn(path: string): SigningKey {
  const found = read(path);
  if (found !== null) return nativeKey(found);
  throw new GauzeError('USAGE', {
    message: `There is no key file ${path}.`,
    next: 'Make one with: gauze key new FILE',
  });
}

/** Makes a key in a new file, mode 0600. @throws GauzeError USAGE where there is one, or none can be written */
export function makeKey(path: string): SigningKey {
  if (existsSync(path)) {
    throw new GauzeError('USAGE', {
      message: `${path} exists already.`,
      next: 'Name another file; keys are never overwritten.',
    });
  }
  const secret = randomBytes(32);
  try {
    writeFirst(path, `${bytesToHex(secret)}\n`);
  } catch {
    throw new GauzeError('USAGE', {
      message: `${path} cannot be written.`,
      next: 'Name a new file in a folder that you may write to: gauze key new FILE',
    });
  }
  return nativeKey(read(path) ?? secret);
}

/**
 * A new signing key, laid beside the old one until the chain names it: a crash between the two leaves both, and
 * `settleKeys` takes the one that counts.
 */
export function prepareKey(folder: string): SigningKey {
  const secret = randomBytes(32);
  const key = nativeKey(secret);
  try {
    writeFirst(nextKey(folder, key.publicKey), `${bytesToHex(secret)}\n`);
  } catch {
    throw unavailable('cannot be written');
  }
  return key;
}

/** Named after its public half: of two that are prepared at once, both are there when the chain names one. */
function nextKey(folder: string, publicKey: string): string {
  return join(folder, `key.next-${publicKey}`);
}

/** The signing key that the chain names, of the two that a folder may hold; null where it is neither. */
export function settleKeys(folder: string, publicKey: string): SigningKey | null {
  const path = join(folder, 'key');
  const next = nextKey(folder, publicKey);
  if (existsSync(next)) nameFile(next, path);
  const now = read(path);
  return now === null || nativeKey(now).publicKey !== publicKey ? null : nativeKey(now);
}

function readOrMake(path: string, bytes: Uint8Array | null): Uint8Array {
  const found = read(path);
  if (found !== null) return found;
  try {
    writeFirst(path, `${bytesToHex(bytes ?? randomBytes(32))}\n`);
  } catch {
    throw unavailable('cannot be written');
  }
  const made = read(path);
  if (made !== null) return made;
  throw unavailable('vanished');
}

function read(path: string): Uint8Array | null {
  let text: string | null;
  try {
    text = readFile(path);
  } catch {
    throw unavailable('cannot be read');
  }
  if (text === null) return null;
  if (!/^[0-9a-f]{64}$/.test(text.trim())) {
    throw new GauzeError('CRYPTO_DECODE', {
      message: `The key file ${path} holds no key.`,
      next: 'Restore it from a backup; a new key would not verify old receipts.',
    });
  }
  return hexToBytes(text.trim());
}

function unavailable(how: string): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: `A key beside the journal ${how}.`,
    next: 'Let this user read and write the folder beside the policy.',
  });
}
