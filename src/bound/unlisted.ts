/** Comparisons with values that the policy does not list: mostly slips, which would be charged and count nothing. */
import { walkRelation } from '../ask/fold.ts';
import type { Expr, Relation } from '../ask/ir.ts';
import { nearest } from '../policy/nearest.ts';
import type { Policy, PolicyColumn } from '../policy/policy.ts';
import type { Value } from '../policy/value.ts';
import { declaredColumns } from './declared-columns.ts';
import { literalText } from './literal-text.ts';

/** Most sentences of this kind with one question, and most values that one names. */
const SENTENCES_MAX = 5;
const NAMED_MAX = 12;
const LENGTH_MAX = 40;

const EQUALITIES: ReadonlySet<string> = new Set(['eq', 'ne', 'is-distinct', 'is-not-distinct']);

/** A sentence for each comparison of a listed column with a constant that is not in its list. */
export function unlistedNotes(relation: Relation, policy: Policy): readonly string[] {
  const declared = declaredColumns(relation, policy);
  const notes = new Set<string>();
  const sets = new Map<PolicyColumn, ReadonlySet<Value>>();
  const isListed = (column: PolicyColumn, values: readonly Value[], value: Value): boolean => {
    const known = sets.get(column) ?? new Set(values);
    sets.set(column, known);
    return known.has(value);
  };
  const compare = (operand: Expr, constant: Expr): void => {
    const column = declared.of(operand);
    if (column === null || constant.kind !== 'literal' || constant.value === null || constant.type !== column.type)
      return;
    if (column.values === null || isListed(column, column.values, constant.value)) return;
    notes.add(sentence(column, column.values, constant.value));
  };
  walkRelation(
    relation,
    () => undefined,
    (expr) => {
      if (expr.kind === 'in-list') for (const one of expr.list) compare(expr.arg, one);
      const [left, right] = expr.kind === 'call' && EQUALITIES.has(expr.fn) ? expr.args : [];
      if (left === undefined || right === undefined) return;
      compare(left, right);
      compare(right, left);
    },
  );
  return [...notes].slice(0, SENTENCES_MAX);
}

function sentence({ name, type }: PolicyColumn, values: readonly Value[], value: Value): string {
  const print = (one: Value): string => {
    const text = literalText({ type, value: one });
    return text.length <= LENGTH_MAX ? text : `${text.slice(0, LENGTH_MAX)}…`;
  };
  const listed = values.slice(0, NAMED_MAX).map(print).join(', ');
  const meant = typeof value === 'string' ? likely(value, values) : null;
  const hint = meant === null ? '' : ` Did you mean ${print(meant)}?`;
  return `The policy lists ${listed}${values.length > NAMED_MAX ? ', …' : ''} for ${name}, and not ${print(value)}.${hint}`;
}

/** The listed value that was most likely meant: the same in another case, or, of words, nearly the same. */
function likely(value: string, values: readonly Value[]): string | null {
  const texts = values.filter((one) => typeof one === 'string');
  const same = texts.find((one) => one.toLowerCase() === value.toLowerCase());
  return same ?? (value.length < 3 ? null : nearest(value, texts));
}
