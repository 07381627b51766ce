/** Budgets of a policy file, read from its journal alone. */
import { existsSync } from 'node:fs';
import { accountsOf, type Budget, budgetOf } from '../charge/account.ts';
import { openLedger } from '../charge/open-ledger.ts';
import { fileStore } from '../charge/store/file.node.ts';
import { memoryStore } from '../charge/store/memory.ts';
import { place } from './place.node.ts';

/** Every budget of a policy, without touching its data. @throws GauzeError USAGE, POLICY_INVALID, LEDGER_* */
export async function budgetsOf(policyFile: string): Promise<readonly Budget[]> {
  const { policy, folder } = place({ policy: policyFile });
  const path = `${folder}/journal`;
  const store = existsSync(path) ? fileStore(path) : memoryStore();
  try {
    const ledger = await openLedger(store);
    const standings = await Promise.all(accountsOf(policy).map((account) => ledger.standing(account)));
    return standings.map(budgetOf);
  } finally {
    await store.close();
  }
}
