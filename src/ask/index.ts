/** The ask room's face: a question, as text or built, becomes a typed tree. */
import type { Policy } from '../policy/policy.ts';
import type { Query } from './builder.ts';
import type { Relation } from './ir.ts';
import { type Parameters, resolve } from './resolve.ts';
import { parse } from './sql/parse.ts';

export { canonical } from './canonical.ts';
export { compareValues, evaluate, type Row } from './evaluate.ts';
export type * from './ir.ts';
export type { Parameters, ParameterValue } from './resolve.ts';

/** A question: SQL, or a query of the typed builder. */
export type Question = string | Query;

/** The text that positions in errors refer to. */
export function textOf(question: Question): string {
  return typeof question === 'string' ? question : question.sql;
}

/** What goes with a question. */
export interface AskOptions {
  readonly parameters?: Parameters;
  /** Data set meant where a table's name is ambiguous. */
  readonly dataset?: string;
  /** What the answer is for: decides who has consented, where the data set asks for consent. */
  readonly purpose?: string | null;
  /** Public value of the data set's `disjoint` column, as text: only the units that have it are asked about. */
  readonly part?: string | null;
}

/**
 * Resolves a question against a policy. Reads no data.
 *
 * @param question - SQL, or a query of the builder, which brings its own parameters
 * @returns the typed tree
 * @throws SpannedError with the place in the text; see `parse` and `resolve` for its codes
 */
export function ask(question: Question, policy: Policy, options: AskOptions = {}): Relation {
  const { dataset, purpose = null, part = null } = options;
  const where = { policy, purpose, part, ...(dataset === undefined ? {} : { dataset }) };
  if (typeof question !== 'string') {
    const { sql, parameters } = question;
    return resolve(parse(sql), { ...where, parameters });
  }
  const { parameters } = options;
  return resolve(parse(question), parameters === undefined ? where : { ...where, parameters });
}
