/** When two expressions of one question are the same: the one place that says so. */
import { canonical } from './canonical.ts';
import type { Expr, ScalarName } from './ir.ts';

const known = new WeakMap<Expr, string>();

/** A text equal for expressions that compute the same from the same columns; spans do not count. */
export function meaningOf(expr: Expr): string {
  const before = known.get(expr);
  if (before !== undefined) return before;
  const meaning = write(expr);
  known.set(expr, meaning);
  return meaning;
}

/** The meaning of a call, from those of its arguments. */
export function meaningOfCall(fn: ScalarName, args: readonly string[]): string {
  return `${fn}(${args.join()})`;
}

/** A text equal for equal values of equal types. */
function meaningOfValue(type: string, value: unknown): string {
  return `${type}:${typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value)}`;
}

function write(expr: Expr): string {
  switch (expr.kind) {
    case 'column':
      return `#${expr.id}`;
    case 'literal':
      return meaningOfValue(expr.type, expr.value);
    case 'call':
      return meaningOfCall(expr.fn, expr.args.map(meaningOf));
    case 'cast':
      return `cast(${meaningOf(expr.arg)} ${expr.type})`;
    case 'case': {
      const branches = expr.branches.map((branch) => `${meaningOf(branch.when)}?${meaningOf(branch.result)}`);
      return `case(${branches.join()}:${expr.otherwise === null ? '' : meaningOf(expr.otherwise)})`;
    }
    case 'in-list':
      return `${expr.negated ? 'not-' : ''}in(${[expr.arg, ...expr.list].map(meaningOf).join()})`;
    case 'window': {
      const order = expr.order.map((key) => `${meaningOf(key.expr)} ${key.descending} ${key.nullsFirst}`);
      const frame = expr.frame === null ? '' : `${expr.frame.start}..${expr.frame.end}`;
      const parts = [expr.args.map(meaningOf), expr.partition.map(meaningOf), order].map((part) => part.join());
      return `${expr.name}(${parts.join(';')};${frame})`;
    }
    case 'exists':
      return `${expr.negated ? 'not-' : ''}exists(${canonical(expr.relation)})`;
    case 'in-relation':
      return `${expr.negated ? 'not-' : ''}in(${meaningOf(expr.arg)} ${canonical(expr.relation)})`;
  }
}
