/** LED: what every budget was charged, and what is left. */
import { accountName } from '../../charge/account.ts';
import { accountKey } from '../../charge/book.ts';
import { chargesOf, toldOf } from '../chronicle.ts';
import { type Artefact, type Facts, makeArtefact } from './artefact.ts';

export function ledgerRecord(facts: Facts): Artefact {
  const { chronicle, budgets, period } = facts;
  const charges = chargesOf(chronicle, period);
  const chargedTo = (key: string): number =>
    charges.filter(({ content }) =>
      content.accounts.some((id) => accountKey({ ...id, purpose: id.purpose ?? null }) === key),
    ).length;
  const { valid, entries, warnings, limits, firstBad, head } = chronicle.verdict;
  return makeArtefact(facts, {
    id: 'LED',
    title: 'Budget ledger',
    status: 'enforced',
    note: null,
    content: {
      method:
        'A charge is admitted while basic composition [RRUV16] or zero-concentrated composition [WRRW23] of its budget holds; every charge counts in both. Amounts are rounded up.',
      units: 'epsilon and rho: natural logarithms of probability ratios; delta: a probability',
      budgets: budgets.map(({ dataset, principal, purpose, limit, spent, lifetime, remaining, renews }) => ({
        budget: accountName({ dataset, principal, purpose }),
        limit,
        renews,
        spent: { ...spent },
        lifetime: { ...lifetime },
        remaining: { ...remaining },
        chargesInPeriod: chargedTo(accountKey({ dataset, principal, purpose })),
      })),
      writtenOff: toldOf(chronicle, 'write-off', period).map(({ entry, content }) => ({
        entry,
        reason: content.reason,
        by: content.by,
        time: content.time,
      })),
      chain: {
        valid,
        entries,
        head: head === null ? null : { entry: head.sequence + 1, hash: head.hash },
        firstBad: firstBad === null ? null : { entry: firstBad.entry, why: firstBad.why },
        warnings,
        notShown: limits,
      },
    },
  });
}
