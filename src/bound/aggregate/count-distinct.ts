import type { AggregateCall } from '../../ask/ir.ts';
import { domainOf, domainSize } from '../domain.ts';
import { dependsOnUnitAlone } from '../privacy-unit.ts';
import type { AggregateNeed, AggregateRule, AggregateScope } from './aggregate.ts';
import { counted } from './count.ts';

/**
 * COUNT(DISTINCT x). Of the unit itself: sensitivity 1 whatever the rows. Of anything else: a unit adds at most as many
 * new values as it brings, K per group, or as x can take.
 */
export const countDistinct: AggregateRule = {
  needs(call: AggregateCall, scope: AggregateScope): AggregateNeed {
    const [x] = call.args;
    if (x === undefined) return counted({ kind: 'units', where: scope.where });
    const { tracked } = scope.source;
    if (x.kind === 'column' && tracked.determinesUnit.has(x.id) && tracked.perUnit.has(x.id)) {
      return counted({ kind: 'units', where: scope.where });
    }
    const domain = domainOf(x, scope.facts);
    const possible = domain === null ? null : domainSize(domain);
    const perUnit = dependsOnUnitAlone(x, tracked) ? 1 : scope.limits.rows;
    const rows = Math.max(1, possible === null ? perUnit : Math.min(perUnit, possible));
    return counted({ kind: 'distinct', input: scope.source.column(x), where: scope.present(x), rows });
  },
};
