/** Searched CASE. */
import type { Span } from '../../errors.ts';
import type { Case, Expr } from '../ir.ts';
import { bring, commonTypeOf, typeError } from './coerce.ts';

/** A searched CASE whose results are brought to one type. */
export function makeCase(whens: readonly Expr[], results: readonly Expr[], otherwise: Expr | null, span: Span): Case {
  const type = commonTypeOf(otherwise === null ? results : [...results, otherwise]);
  if (type === 'key') {
    throw typeError(
      span,
      'CASE gives no key.',
      'Write COUNT(DISTINCT person_id) FILTER (WHERE …), or filter in WHERE.',
    );
  }
  const branches = whens.map((when, i) => ({ when, result: bring(results[i]!, type) }));
  const last = otherwise === null ? null : bring(otherwise, type);
  const nullable = last === null || last.nullable || branches.some((branch) => branch.result.nullable);
  return { kind: 'case', branches, otherwise: last, type, nullable, span };
}
