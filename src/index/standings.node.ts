/** Budgets of a policy file, read from its journal alone. */
import { accountsOf, type Budget, budgetOf } from '../charge/account.ts';
import type { Unfinished } from '../charge/ledger.ts';
import { rulesOf } from '../govern/in-force.ts';
import { journalOrNothing } from '../govern/journal.node.ts';
import { place } from './place.node.ts';

/** Every budget, and the charges that nobody knows the outcome of: they count as spent. */
export interface Standings {
  readonly budgets: readonly Budget[];
  readonly unfinished: readonly Unfinished[];
  /** Whether the file waits for officers: the budgets are those of the rules in force. */
  readonly waits: boolean;
}

/**
 * Every budget of a policy, without touching its data.
 *
 * @param group - how many units the statements of now speak of together
 * @throws GauzeError USAGE, POLICY_INVALID, LEDGER_*
 */
export async function standingsOf(policyFile: string, now: Date, group: number): Promise<Standings> {
  const { policy, base, folder } = place({ policy: policyFile });
  const at = { folder, base };
  const { ledger, store } = await journalOrNothing(policy, at);
  try {
    const time = now.toISOString();
    const { rules, waits } = rulesOf(await ledger.records(), policy, now);
    const standings = await Promise.all(accountsOf(rules).map((account) => ledger.standing(account, time, group)));
    return { budgets: standings.map(budgetOf), unfinished: await ledger.unfinished(), waits };
  } finally {
    await store.close();
  }
}
