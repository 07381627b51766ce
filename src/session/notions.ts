/** What each notion of privacy loss says of a question, or of a history. */
import type { Plan } from '../bound/plan.ts';
import type { Account } from '../charge/account-id.ts';
import { DELTA_UNITS } from '../charge/amount.ts';
import { type Notion, notionsOf } from '../dp/accountant/notions.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import { compare, type Rational, rational, toNumber } from '../dp/rational.ts';

/** ε by notion at one δ; null where a notion cannot say. `best` names the least. */
export interface Notions extends Readonly<Record<Notion, number | null>> {
  readonly delta: number;
  readonly best: Notion | null;
}

/** At the δ of the question, or at that of the largest of its budgets, whichever is more. */
export function notionsAt({ event, cost }: Pick<Plan, 'event' | 'cost'>, accounts: readonly Account[]): Notions {
  const delta = accounts.reduce<Rational>((most, { limit }) => {
    const allowed = rational(limit.delta, DELTA_UNITS);
    return compare(allowed, most) > 0 ? allowed : most;
  }, cost.delta);
  return notionsOfAll([event], delta);
}

/** ε of events together, had all of them been fixed in advance: it explains a history, and stops none. */
export function notionsOfAll(events: readonly PrivacyEvent[], delta: Rational): Notions {
  const said = notionsOf(
    events.map((event) => ({ event, count: 1 })),
    delta,
  );
  const shown = (epsilon: Rational | null): number | null => (epsilon === null ? null : toNumber(epsilon));
  return {
    delta: toNumber(delta),
    basic: shown(said.basic),
    zcdp: shown(said.zcdp),
    renyi: shown(said.renyi),
    pld: shown(said.pld),
    best: said.best?.notion ?? null,
  };
}
