/** One question again and again with other constants: what an attempt at differencing looks like. */
import { Recent } from '../recent.ts';
import { shapesOf } from '../shape.ts';
import { Situations } from '../situations.ts';
import { type Finding, isCharge, type Rule } from './rule.ts';

const HOUR_MS = 3_600_000;
/** Several principals may ask this many times as much of one data set as one of them alone. */
const TOGETHER = 2;

/**
 * Counts charged questions of one shape: those of one principal, and those that several read from one data set. A question
 * that is answered from store is no other question, and a rewritten one is not recognised.
 */
export function nearDuplicates(): Rule {
  const own = new Recent<string>();
  const shared = new Recent<string>();
  const told = new Situations();
  return ({ content, at, policy }) => {
    const limits = policy.governance.watch.nearDuplicates;
    if (limits === null || !isCharge(content)) return [];
    const { principal, dataset, purpose = null } = content;
    const since = at - limits.hours * HOUR_MS;
    const found: Finding[] = [];
    const count = (recent: Recent<string>, of: string | null, shape: string, most: number): void => {
      const key = JSON.stringify([dataset, of, shape]);
      const before = recent.of(key, since);
      recent.add(key, principal, at, since);
      const questions = before.length + 1;
      const principals = new Set([...before, principal]).size;
      if (of === null && principals === 1) return;
      if (!told.begins(key, before.length, questions, most)) return;
      const who = of ?? `${principals} principals together`;
      found.push({
        severity: 'warning',
        ...{ dataset, principal: of, purpose: of === null ? null : purpose },
        message: `${who} asked one question of ${dataset} ${questions} times within ${limits.hours} hours, with other constants.`,
        fields: { questions, hours: limits.hours, principals, question: shape },
      });
    };
    for (const shape of shapesOf(content)) {
      count(own, principal, shape, limits.questions);
      if (content.kind === 'reserve') count(shared, null, shape, limits.questions * TOGETHER);
    }
    return found;
  };
}
