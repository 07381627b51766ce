/** What a change of policy opens. */
import type { Policy } from './policy.ts';
import { dataWidenings } from './widening/data.ts';
import { capWidenings } from './widening/limit.ts';
import { principalWidenings } from './widening/people.ts';
import { added, isSame, reachWidenings } from './widening/scope.ts';

/**
 * Every way in which `after` may let somebody learn more than `before` does, a sentence each; none when the change
 * narrows, or changes nothing that is learnt. Only what narrows for certain counts as narrowing: limits lowered in every
 * coordinate, things removed, days brought forward, denials and consent added. Whatever else differs is told, even where
 * it would turn out to narrow.
 */
export function widenings(before: Policy, after: Policy): readonly string[] {
  if (before.digest === after.digest) return [];
  return [
    ...capWidenings('The budget over all data sets', before.budget, after.budget),
    ...ruleWidenings(before, after),
    ...purposeWidenings(before, after),
    ...termsWidenings(before, after),
    ...dataWidenings(before, after),
    ...principalWidenings(before, after),
  ];
}

function* ruleWidenings({ governance: was }: Policy, { governance: is }: Policy): Generator<string> {
  if (was.secondOfficer && !is.secondOfficer) yield 'One officer alone may widen the policy.';
  if (was.consistentAnswers && !is.consistentAnswers) yield 'A question that is asked again is measured anew.';
  if (is.retentionYears < was.retentionYears) {
    yield `Records are kept for ${is.retentionYears} years, instead of ${was.retentionYears}.`;
  }
  if (!isSame(was.watch, is.watch)) yield 'The watch is set otherwise.';
  if (was.anchor !== null && is.anchor !== was.anchor) {
    yield is.anchor === null ? 'Charges are no longer noted in an anchor.' : 'Charges are noted in another anchor.';
  }
}

/** The first purposes only add a condition to every question, unless they open sensitive columns. */
function* purposeWidenings(before: Policy, after: Policy): Generator<string> {
  const isFirst = before.purposes.size === 0;
  if (!isFirst && after.purposes.size === 0) yield 'Questions need no purpose any more.';
  for (const [name, purpose] of after.purposes) {
    const was = before.purposes.get(name);
    if (was === undefined && !isFirst) yield `Data may be asked for ${name}.`;
    for (const topic of added(was?.sensitive ?? [], purpose.sensitive)) yield `${name} may touch ${topic}.`;
    const described = was?.description ?? null;
    if (described !== null && purpose.description !== described) yield `${name} is described otherwise.`;
  }
}

/** Whoever must accept terms may ask while all of them hold, for what all of them cover. */
function* termsWidenings(before: Policy, after: Policy): Generator<string> {
  for (const [name, is] of after.terms) {
    const was = before.terms.get(name);
    // New terms bind, and open nothing.
    if (was === undefined) continue;
    const where = `The terms ${name}`;
    for (const key of ['recipient', 'agreement', 'text'] as const) {
      if (was[key] !== is[key]) yield `${where}: ${key} is written otherwise.`;
    }
    if (is.expires > was.expires) yield `${where} hold until ${is.expires}, instead of ${was.expires}.`;
    yield* reachWidenings(where, was.purposes, is.purposes, 'hold');
  }
}
