/** Budgets of a policy file, read from its journal alone. */
import { existsSync } from 'node:fs';
import { accountsOf, type Budget, budgetOf } from '../charge/account.ts';
import type { Unfinished } from '../charge/ledger.ts';
import { openLedger } from '../charge/open-ledger.ts';
import { memoryStore } from '../charge/store/memory.ts';
import { journalFile, openJournal } from '../govern/journal.node.ts';
import { place } from './place.node.ts';

/** Every budget, and the charges that nobody knows the outcome of: they count as spent. */
export interface Standings {
  readonly budgets: readonly Budget[];
  readonly unfinished: readonly Unfinished[];
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
  const isThere = existsSync(journalFile(at));
  const { ledger, store } = isThere ? await openJournal(policy, at) : await nothingYet();
  try {
    const time = now.toISOString();
    const standings = await Promise.all(accountsOf(policy).map((account) => ledger.standing(account, time, group)));
    return { budgets: standings.map(budgetOf), unfinished: await ledger.unfinished() };
  } finally {
    await store.close();
  }
}

async function nothingYet(): Promise<Pick<Awaited<ReturnType<typeof openJournal>>, 'ledger' | 'store'>> {
  const store = memoryStore();
  return { ledger: await openLedger(store), store };
}
