/** A question whose condition only grows, until few are left in it. */
import { Recent } from '../recent.ts';
import { type Conditioned, conditionsOf, holdsAll, shapesOf } from '../shape.ts';
import { Situations } from '../situations.ts';
import { type Finding, isCharge, type Rule } from './rule.ts';

const HOUR_MS = 3_600_000;
/** Questions a new one is compared with. */
const COMPARED = 64;

interface Step {
  readonly conditions: Conditioned['conditions'];
  /** How often the condition grew until here. */
  readonly steps: number;
}

/**
 * Follows questions of one principal that are equal outside their conditions. A step is a condition that has all of an
 * earlier one and more; what was asked in between does not hide it. Constants are unknown here, so a range that shrinks is
 * no step, nor is a condition that moved into a CASE or another wording.
 */
export function narrowing(): Rule {
  const recent = new Recent<Step>();
  const told = new Situations();
  return ({ content, at, policy }) => {
    const limits = policy.governance.watch.narrowing;
    if (limits === null || !isCharge(content)) return [];
    const { principal, dataset, purpose = null } = content;
    const since = at - limits.hours * HOUR_MS;
    return shapesOf(content).flatMap((shape): readonly Finding[] => {
      const asked = conditionsOf(shape);
      if (asked === null) return [];
      const key = JSON.stringify([dataset, principal, asked.head]);
      const earlier = recent.of(key, since);
      const before = Math.max(0, ...earlier.map(({ steps }) => steps));
      const steps = stepsTo(asked.conditions, earlier.slice(-COMPARED));
      recent.add(key, { conditions: asked.conditions, steps }, at, since);
      if (!told.begins(key, before, steps, limits.steps)) return [];
      return [
        {
          severity: 'warning',
          ...{ dataset, principal, purpose },
          message: `${principal} narrowed one question of ${dataset} down ${steps} times within ${limits.hours} hours.`,
          fields: { steps, hours: limits.hours, question: shape },
        },
      ];
    });
  };
}

function stepsTo(conditions: Conditioned['conditions'], earlier: readonly Step[]): number {
  let most = 0;
  for (const one of earlier) {
    if (!holdsAll(conditions, one.conditions)) continue;
    most = Math.max(most, one.steps + (holdsAll(one.conditions, conditions) ? 0 : 1));
  }
  return most;
}
