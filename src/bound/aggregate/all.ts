import type { AggregateName } from '../../ask/ir.ts';
import type { AggregateRule } from './aggregate.ts';
import { count, countRows } from './count.ts';
import { countDistinct } from './count-distinct.ts';
import { mean } from './mean.ts';
import { refused } from './refused.ts';
import { sum } from './sum.ts';

const EXTREME =
  'Ask for counts over bins instead, for example SELECT floor(x / 10) * 10 AS bin, COUNT(*) … GROUP BY bin.';
const BOOLEAN = 'Count instead: COUNT(*) FILTER (WHERE condition), beside COUNT(*).';

/** Every aggregate of the tree, across units. */
export const aggregateRules: Readonly<Record<AggregateName, AggregateRule>> = {
  'count-rows': countRows,
  count,
  'count-distinct': countDistinct,
  sum,
  avg: mean,
  min: refused(EXTREME),
  max: refused(EXTREME),
  'arg-min': refused(EXTREME),
  'arg-max': refused(EXTREME),
  'bool-and': refused(BOOLEAN),
  'bool-or': refused(BOOLEAN),
};
