/** A withdrawal, before it is registered: are those who leave in the data at all? */
import type { Engine } from '../engine/engine.ts';
import { GauzeError } from '../errors.ts';
import type { WithdrawnUnits } from '../govern/withdrawals.node.ts';
import type { Dataset, Policy } from '../policy/policy.ts';

/** What became of a list of units that withdraw from a data set. */
export interface WithdrawalCount {
  readonly dataset: string;
  /** Units on the list, each once. */
  readonly listed: number;
  /** Those of them whose rows the data hold, left out from now on; the others are nobody in these data. */
  readonly found: number;
}

/** How a unit is written in a list. */
export const UNIT_ADVICE: string =
  'Write every unit as the data have it: a number without leading zeros (42, not 0042 or 42.0), a text letter for letter.';

/**
 * Looks up every list of withdrawing units in the attached data, before anything is written.
 *
 * @throws GauzeError USAGE where the data hold none of the units that are listed for a data set, ENGINE_UNAVAILABLE
 */
export async function countWithdrawn(
  engine: Engine,
  policy: Policy,
  leaving: WithdrawnUnits,
): Promise<readonly WithdrawalCount[]> {
  const counts: WithdrawalCount[] = [];
  for (const [dataset, units] of Object.entries(leaving)) {
    const listed = new Set(units).size;
    const found = await engine.withdrawnFound(policy.datasets.get(dataset) as Dataset, units);
    if (found === 0 && listed > 0) throw nobody(dataset, listed);
    counts.push({ dataset, listed, found });
  }
  return counts;
}

function nobody(dataset: string, listed: number): GauzeError {
  const who = listed === 1 ? 'The one unit listed is not' : `None of the ${listed} units listed is`;
  return new GauzeError('USAGE', {
    message: `${who} in the data of ${dataset}: nobody is left out, and nothing is registered.`,
    next: UNIT_ADVICE,
    fields: { dataset, listed, found: 0 },
  });
}
