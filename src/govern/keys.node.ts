/** Another signing key: by rotation, which the old key vouches for, or after its loss, which nobody can. */
import type { Place } from '../charge/place.ts';
import { prepareKey, settleKeys } from '../crypto/keys.node.ts';
import type { SigningKey } from '../crypto/sign.ts';
import type { Policy } from '../policy/policy.ts';
import type { Act } from './acts.ts';
import { openJournal, type Whereabouts } from './journal.node.ts';

/** A key that signs from an entry on. */
export interface KeyChange {
  readonly publicKey: string;
  readonly entry: Place | null;
}

/**
 * Signs from here on with a new key, which the old one vouches for. It is laid beside the old one first, so that a crash at
 * any moment leaves the one that the chain names.
 *
 * @throws GauzeError LEDGER_*, CRYPTO_DECODE
 */
export async function rotateKey({ ledger, by, now }: Act, folder: string): Promise<KeyChange> {
  const { publicKey } = prepareKey(folder);
  const time = now.toISOString();
  const entry = await ledger.state(() => ({ kind: 'key', publicKey, reason: 'rotated', by, time }));
  settleKeys(folder, publicKey);
  return { publicKey, entry };
}

/**
 * Goes on after the signing key was lost or stolen: the chain says so, and who checks it later sees that no earlier key
 * vouches for the new one. Nothing that was spent is lowered.
 */
export async function replaceLostKey(
  policy: Policy,
  at: Whereabouts & { readonly folder: string },
  by: string | null,
  now: Date,
): Promise<KeyChange> {
  const key: SigningKey = prepareKey(at.folder);
  const { ledger, store } = await openJournal(policy, at, { lostTo: key });
  try {
    const { publicKey } = key;
    const time = now.toISOString();
    const entry = await ledger.state(({ key: known }) => ({
      kind: 'key',
      publicKey,
      reason: known === null ? 'first' : 'lost',
      by,
      time,
    }));
    settleKeys(at.folder, publicKey);
    return { publicKey, entry };
  } finally {
    await store.close();
  }
}
