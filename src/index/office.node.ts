/**
 * The office of officers, stewards, auditors and recipients: a policy's journal, opened without its data, and what is done
 * there.
 *
 * @module gauze/office
 */
import type { Act } from '../govern/acts.ts';
import { policyInForce } from '../govern/in-force.ts';
import { type OpenJournal, openJournal } from '../govern/journal.node.ts';
import { actingAs } from '../govern/role.ts';
import type { Policy, Role } from '../policy/policy.ts';
import { watchHere } from '../watch/watching.node.ts';
import { nowhere, type Placed, place } from './place.node.ts';
import type { SharedState } from './shared-state.ts';

/** Whose office, and who comes in. */
export interface OfficeOptions extends Placed {
  /** Who acts; needed where the rules in force give anybody one of `roles`. */
  readonly as?: string;
  readonly clock?: () => Date;
  /** State that servers share, instead of the folder's. */
  readonly state?: SharedState;
}

/** What is on the desk. */
export interface Office extends Act, OpenJournal {
  /** The policy as its file is now, in force or not. */
  readonly policy: Policy;
  /** State folder, and the folder that file names start from. */
  readonly folder: string;
  readonly base: string;
}

/**
 * Opens the journal for one piece of work and closes it. Roles are those of the rules in force, whatever the file says by
 * now: nobody makes himself an officer by editing it.
 *
 * @param roles - of which the actor must have one; none: anybody may
 * @throws GauzeError USAGE, POLICY_INVALID, POLICY_ROLE, LEDGER_*, and what `work` throws
 */
export async function inOffice<T>(
  options: OfficeOptions,
  roles: readonly Role[],
  work: (office: Office) => Promise<T>,
): Promise<T> {
  const { policy, base, folder } = place(options);
  if (folder === null) throw nowhere();
  const watching = watchHere(policy, { folder });
  const journal = await openJournal(policy, { folder, base }, { own: options.state?.ledger, seen: watching.seen });
  watching.begin();
  try {
    const records = await journal.ledger.records();
    const now = laterOf((options.clock ?? ((): Date => new Date()))(), records.latest);
    const rules = policyInForce(records) ?? policy;
    const as = options.as ?? null;
    const by = roles.length === 0 ? as : actingAs(rules, as, roles, now.toISOString().slice(0, 10));
    return await work({ ...journal, policy, by, now, folder, base });
  } finally {
    await journal.store.close();
  }
}

export type { Keys } from '../crypto/keys.node.ts';

/** Nobody's time to act begins again for a clock that is moved back. */
function laterOf(clock: Date, latest: string): Date {
  return latest > clock.toISOString() ? new Date(latest) : clock;
}

export { keyIn, makeKey } from '../crypto/keys.node.ts';
export type { Act } from '../govern/acts.ts';
export { accept, approve, freeze } from '../govern/acts.ts';
export type { Manifest } from '../govern/backup.node.ts';
export { backUp } from '../govern/backup.node.ts';
export { bringIntoForce } from '../govern/in-force.ts';
export type { KeyChange } from '../govern/keys.node.ts';
export { rotateKey } from '../govern/keys.node.ts';
export type { SharedState } from './shared-state.ts';
