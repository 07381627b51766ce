/** Syntax → typed tree, against the tables and columns that a policy lists. */
import type { Policy } from '../policy/policy.ts';
import { checkGrowth } from './growth.ts';
import type { Relation } from './ir.ts';
import { Question, type Resolvers } from './resolve/environment.ts';
import { resolveExpr } from './resolve/expression.ts';
import { bindParameters, type Parameters } from './resolve/parameters.ts';
import { resolveQuery } from './resolve/query.ts';
import { typedNulls } from './resolve/select.ts';
import type { Statement } from './sql/syntax.ts';

export type { Parameters, ParameterValue } from './resolve/parameters.ts';

/** What a question is resolved against. */
export interface ResolveContext {
  readonly policy: Policy;
  /** Values of `?`, `$1` and `$name`. */
  readonly parameters?: Parameters;
  /** Data set whose tables are meant where a name is ambiguous; no other protected table is read. */
  readonly dataset?: string;
  /** What the answer is for, and the part of the units asked about; null: nothing is said. */
  readonly purpose?: string | null;
  readonly part?: string | null;
}

const RESOLVERS: Resolvers = { expr: resolveExpr, query: resolveQuery };

/**
 * Resolves names and types of a question. Reads nothing but the policy.
 *
 * @returns the typed tree; the top relation's names are unique, compared without case
 * @throws SpannedError QUERY_UNKNOWN_NAME, QUERY_AMBIGUOUS, QUERY_TYPE, QUERY_NOT_AGGREGATE, QUERY_UNSUPPORTED,
 * QUERY_PARAMETER, QUERY_TOO_LARGE, POLICY_COLUMN, POLICY_DATASET, POLICY_PURPOSE
 */
export function resolve(statement: Statement, context: ResolveContext): Relation {
  const parameters = bindParameters(statement, context.parameters);
  const { policy, dataset = null, purpose = null, part = null } = context;
  const question = new Question(policy, RESOLVERS, parameters, dataset, statement.text, { purpose, part });
  const relation = resolveQuery(statement.query, question, null, null);
  const typed = typedNulls(relation, () => question.fresh());
  checkGrowth(typed);
  return typed;
}
