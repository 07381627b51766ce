/** `gauze policy approve` and `gauze policy adopt`: officers bring changed rules into force. */
import { keyIn } from '../../crypto/keys.node.ts';
import { GauzeError } from '../../errors.ts';
import { approve } from '../../govern/acts.ts';
import { bringIntoForce } from '../../govern/in-force.ts';
import { inOffice, type Office } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';

/** Signs a policy file, and brings it into force once enough have signed; exit code. */
export async function policyApprove(
  file: string,
  flags: { readonly as: string; readonly key: string; readonly format: Format },
): Promise<number> {
  try {
    const key = keyIn(flags.key);
    const inForce = await inOffice({ policy: file, as: flags.as }, ['officer'], async (office) => {
      await approve(office, key);
      return adopted(office);
    });
    if (flags.format === 'json') print([JSON.stringify({ officer: flags.as, inForce })]);
    else print([`${flags.as} has signed.`, inForce ? 'The policy is in force.' : 'Another officer has to sign, too.']);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** Brings a policy file into force, as an officer; exit code. */
export async function policyAdopt(
  file: string,
  flags: { readonly as?: string; readonly format: Format },
): Promise<number> {
  try {
    const { as, format } = flags;
    const entry = await inOffice({ policy: file, ...(as === undefined ? {} : { as }) }, ['officer'], (office) =>
      bringIntoForce(office.ledger, office.policy, office.by, office.now),
    );
    if (format === 'json') print([JSON.stringify({ inForce: true, entry })]);
    else
      print([
        entry === null ? 'The policy was in force already.' : `The policy is in force, entry ${entry.sequence + 1}.`,
      ]);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** Whether the policy could be brought into force. */
async function adopted({ ledger, policy, by, now }: Office): Promise<boolean> {
  try {
    await bringIntoForce(ledger, policy, by, now);
    return true;
  } catch (error) {
    if (error instanceof GauzeError && error.code === 'POLICY_UNAPPROVED') return false;
    throw error;
  }
}
