/** Questions over one table whose conditions, keys and summands are random expressions. */
import fc from 'fast-check';
import type { Expr, Item, Relation } from '../../src/ask/ir.ts';
import { anyExpression, expressions } from './scalar-grammar.ts';
import { aggregate, aggregateItem, call, filter, group, item, literal, project, ref, table } from './tree.ts';

const COLUMNS = {
  start_date: 'date',
  ward: 'text',
  cost: 'double',
  days: 'integer',
  weight: 'double',
  admitted: 'timestamp',
  note: 'text',
} as const;

const VISIT = table('network', 'visit', { person_id: 'key', ...COLUMNS });
const READ = VISIT.columns.filter((column) => column.type !== 'key');

/** A question from a seed: visits counted and summed by what random expressions say of them. */
export function expressionQuestion(seed: number): Relation {
  const depth = seed % 3 === 0 ? 2 : 1;
  const capped = (expr: Expr): Expr => {
    const [low, high] = expr.type === 'integer' ? [literal(-50n), literal(70n)] : [literal(-50.5), literal(70.25)];
    return call('least', [call('greatest', [expr, low], expr.type), high], expr.type);
  };
  const parts = fc.record({
    condition: expressions('boolean', depth, READ),
    filter: fc.option(expressions('boolean', depth, READ), { nil: null }),
    whole: expressions('integer', depth, READ),
    double: expressions('double', depth, READ),
    distinct: anyExpression(1, READ),
    keys: fc.array(anyExpression(1, READ), { maxLength: 1 }),
  });
  const [drawn] = fc.sample(parts, { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error('A sample has one member.');
  const rows = filter(VISIT, drawn.condition);
  const keys: readonly Item[] = drawn.keys.map((expr) => item('k', expr));
  const calls = [
    aggregate('count-rows', [], drawn.filter),
    aggregate('sum', [capped(drawn.whole)]),
    aggregate('avg', [capped(drawn.double)], drawn.filter),
    aggregate('count-distinct', [drawn.distinct]),
  ];
  const asked = group(
    rows,
    keys,
    calls.map((one, index) => aggregateItem(`a${index}`, one)),
  );
  return project(
    asked,
    asked.columns.map((column) => item(column.name, ref(column))),
  );
}
