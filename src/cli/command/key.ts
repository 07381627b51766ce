/** `gauze key new`, `gauze key rotate`, `gauze key lost`: keys of persons, and the key that signs the journal. */
import { makeKey } from '../../crypto/keys.node.ts';
import { replaceLostKey, rotateKey } from '../../govern/keys.node.ts';
import { inOffice } from '../../index/office.node.ts';
import { placeForOfficer } from '../../index/place.node.ts';
import { type Format, fail, print } from '../output.ts';
import { prose } from '../wrap.ts';

interface KeyFlags {
  readonly policy: string;
  readonly as?: string;
  readonly format: Format;
}

/** Makes a key of one's own; its public half goes into the policy; exit code. */
export async function keyNew(file: string, flags: Pick<KeyFlags, 'format'>): Promise<number> {
  try {
    const { publicKey } = makeKey(file);
    if (flags.format === 'json') print([JSON.stringify({ file, publicKey })]);
    else
      print(
        prose([`${file} is written. Keep it to yourself, and have this put into the policy:`, `  key: "${publicKey}"`]),
      );
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** Signs from here on with a new key, which the old one vouches for; exit code. */
export async function keyRotate(flags: KeyFlags): Promise<number> {
  try {
    const { publicKey } = await inOffice(flags, ['officer'], (office) => rotateKey(office, office.folder));
    return changed(publicKey, 'The old key vouches for it in the journal.', flags.format);
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** Goes on with a new key after the old one was lost or stolen; exit code. */
export async function keyLost(flags: KeyFlags): Promise<number> {
  try {
    const now = new Date();
    const { policy, at, by } = placeForOfficer(flags, now);
    const { publicKey } = await replaceLostKey(policy, at, by, now);
    return changed(publicKey, 'No earlier key vouches for it: whoever checks the journal is told so.', flags.format);
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function changed(publicKey: string, vouching: string, format: Format): number {
  if (format === 'json') print([JSON.stringify({ publicKey })]);
  else print(prose([`The journal is signed with a new key from here on: ${publicKey}`, vouching]));
  return 0;
}
