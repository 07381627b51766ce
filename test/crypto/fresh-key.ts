/** Keys for tests; a session reads its own from the folder beside the policy. */
import { randomBytes } from '../../src/crypto/entropy.ts';
import { keyFrom, type SigningKey } from '../../src/crypto/sign.ts';

export function freshKey(): SigningKey {
  return keyFrom(randomBytes(32));
}
