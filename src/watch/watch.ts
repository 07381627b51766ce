/** The watch: rules over the entries of a journal, as they come. */
import type { Content } from '../charge/entry.ts';
import type { Place } from '../charge/place.ts';
import { parsePolicy } from '../policy/index.ts';
import type { Policy } from '../policy/policy.ts';
import { WATCH_RULES, type WatchRule } from '../policy/watch-rules.ts';
import type { Alert } from './alert.ts';
import { acts } from './rule/acts.ts';
import { burnRate } from './rule/burn-rate.ts';
import { closedColumns } from './rule/closed-columns.ts';
import { narrowing } from './rule/narrowing.ts';
import { nearDuplicates } from './rule/near-duplicates.ts';
import { refusals } from './rule/refusals.ts';
import type { Entered, Finding, Rule } from './rule/rule.ts';
import { unfinished } from './rule/unfinished.ts';

const RULES: Readonly<Record<WatchRule, () => Rule>> = {
  burnRate,
  nearDuplicates,
  narrowing,
  refusals,
  closedColumns,
  unfinished,
  acts,
};

/** Is told every entry of a journal, from the first on. */
export type Seen = (content: Content, place: Place) => void;

/**
 * Watches a journal. The same entries give the same alerts, in the same order: limits and thresholds are those of the
 * policy that the journal has in force at each entry. From a checkpoint on, what was spent and what has no outcome is
 * known, and what was asked before is not. Entries that come a second time are passed over. It never throws:
 * what goes wrong in a rule or in `emit` costs alerts, and no answer.
 *
 * @param policy - the rules until the journal names some
 */
export function makeWatch(policy: Policy, emit: (alert: Alert) => void): Seen {
  const rules = WATCH_RULES.map((name) => [name, RULES[name]()] as const);
  let [inForce, latest, next, isFirst] = [policy, 0, 0, true];
  return (content, place) => {
    if (place.sequence < next) return;
    next = place.sequence + 1;
    const at = Date.parse(content.time);
    if (at > latest) latest = at;
    const opens = isFirst;
    isFirst = false;
    const state = content.kind === 'checkpoint' && opens ? content.state.records : null;
    if (state?.policy != null) inForce = policyOf(state.policy.entry, [inForce, policy]);
    const before = inForce;
    if (content.kind === 'policy') inForce = policyOf(content, [inForce, policy]);
    const entered = { content, place, at: latest, policy: inForce, before, opens };
    const time = new Date(latest).toISOString();
    const entry = { sequence: place.sequence, hash: place.hash };
    for (const [rule, found] of rules) {
      for (const finding of findingsOf(found, entered)) attempt(() => emit({ time, rule, ...finding, entry }));
    }
  };
}

function findingsOf(rule: Rule, entered: Entered): readonly Finding[] {
  let found: readonly Finding[] = [];
  attempt(() => {
    found = rule(entered);
  });
  return found;
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The journal keeps what was missed: gauze alerts tells it.
  }
}

/** Rules that an entry brings into force; those before it where no reader understands them. */
function policyOf({ digest, text }: { digest: string; text: string }, known: readonly [Policy, Policy]): Policy {
  const same = known.find((one) => one.digest === digest);
  if (same !== undefined) return same;
  try {
    return parsePolicy(text);
  } catch {
    return known[0];
  }
}
