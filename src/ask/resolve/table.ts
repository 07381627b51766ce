/** Names in FROM: common tables, then tables of the policy. */
import { SpannedError } from '../../errors.ts';
import { columnType } from '../../policy/column-type.ts';
import { findTable, type TableMatch } from '../../policy/names.ts';
import type { Dataset, Policy, Table } from '../../policy/policy.ts';
import type { Column, Relation, TableRelation } from '../ir.ts';
import { quoteText } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { admittedUnits } from './admitted.ts';
import type { CommonTables, Entry, Question, Scope, Source } from './environment.ts';
import { entriesOf, sameName } from './scope.ts';

/** Where a FROM stands. */
export interface FromContext {
  readonly question: Question;
  readonly outer: Scope | null;
  readonly common: CommonTables | null;
}

/** Rows, and the names under which they are seen. */
export interface Named {
  readonly relation: Relation;
  readonly source: Source;
}

/** `t` or `dataset.t`. */
export function resolveTableName(ref: Syntax.TableName, context: FromContext): Named {
  const common = ref.dataset === null ? commonNamed(ref.name, context.common) : null;
  if (common !== null) return resolveCommon(ref, common, context);
  const { question } = context;
  const { dataset, table } = find(ref, question);
  enter(dataset, table, ref, question);
  const relation = tableRelation(dataset, table, ref, question);
  question.countColumns(ref.span, relation.columns.length);
  const entries = renamed(entriesOf(relation.columns, ref.span), ref.alias, ref.name.text);
  const source: Source = {
    name: ref.alias?.name.text ?? table.name,
    dataset: ref.alias === null ? dataset.name : null,
    table,
    entries,
  };
  return { relation, source };
}

/** `(query) [AS] t [(columns)]`. */
export function resolveDerived(ref: Syntax.DerivedTable, context: FromContext): Named {
  const { question } = context;
  const relation = question.resolvers.query(ref.query, question, context.outer, context.common);
  return aliased(relation, ref.alias?.name.text ?? null, ref.alias, null, ref.span);
}

function commonNamed(name: Syntax.Name, common: CommonTables | null): CommonTables | null {
  for (let at = common; at !== null; at = at.before) if (sameName(at.name, name.text)) return at;
  return null;
}

/** A common table is resolved anew for every reference, so that each has columns of its own. */
function resolveCommon(ref: Syntax.TableName, common: CommonTables, { question }: FromContext): Named {
  const { definition } = common;
  const relation = question.resolvers.query(definition.query, question, common.outer, common.before);
  return aliased(relation, ref.alias?.name.text ?? definition.name.text, ref.alias, definition, ref.span);
}

function aliased(
  relation: Relation,
  name: string | null,
  alias: Syntax.TableAlias | null,
  definition: Syntax.CommonTable | null,
  span: Syntax.TableName['span'],
): Named {
  const own = entriesOf(relation.columns, span);
  const defined = definition?.columns == null ? own : withNames(own, definition.columns, definition.name.text);
  return {
    relation,
    source: { name, dataset: null, table: null, entries: renamed(defined, alias, name ?? 'The subquery') },
  };
}

function renamed(entries: readonly Entry[], alias: Syntax.TableAlias | null, table: string): readonly Entry[] {
  return alias?.columns == null ? entries : withNames(entries, alias.columns, table);
}

function withNames(entries: readonly Entry[], names: readonly Syntax.Name[], table: string): readonly Entry[] {
  const surplus = names[entries.length];
  if (surplus !== undefined) {
    throw new SpannedError('QUERY_UNKNOWN_NAME', surplus.span, {
      message: `${quoteText(table)} has ${entries.length} columns, and ${names.length} names are given.`,
      next: 'Name at most as many columns as there are.',
    });
  }
  return entries.map((entry, i) => ({ ...entry, name: names[i]?.text ?? entry.name }));
}

function find(ref: Syntax.TableName, question: Question): { readonly dataset: Dataset; readonly table: Table } {
  const { policy } = question;
  const preferred = question.dataset ?? question.wanted;
  const near = ref.dataset === null && preferred !== null ? findTable(policy, ref.name.text, preferred) : null;
  const match = near?.kind === 'found' ? near : findTable(policy, ref.name.text, ref.dataset?.text);
  if (match.kind === 'found') return match;
  throw notFound(ref, match, policy);
}

function notFound(ref: Syntax.TableName, match: Exclude<TableMatch, { kind: 'found' }>, policy: Policy): SpannedError {
  const shown = quoteText(ref.dataset === null ? ref.name.text : `${ref.dataset.text}.${ref.name.text}`);
  if (match.kind === 'ambiguous') {
    return new SpannedError('QUERY_AMBIGUOUS', ref.name.span, {
      message: `${shown} is a table of several data sets.`,
      next: `Write ${match.candidates.join(' or ')}.`,
    });
  }
  return new SpannedError('QUERY_UNKNOWN_NAME', ref.dataset?.span ?? ref.name.span, {
    message: `The policy lists no table ${shown}.`,
    next: match.meant === null ? tablesOf(policy) : `Did you mean ${match.meant}?`,
  });
}

const TABLES_SHOWN = 12;

function tablesOf(policy: Policy): string {
  const names = [...policy.datasets.values()].flatMap(({ tables }) => [...tables.keys()].map(quoteText));
  const more = names.length > TABLES_SHOWN ? ', …' : '';
  return names.length === 0
    ? 'Have the table listed in the policy.'
    : `Use a table that the policy lists: ${names.slice(0, TABLES_SHOWN).join(', ')}${more}.`;
}

function enter(dataset: Dataset, table: Table, ref: Syntax.TableName, question: Question): void {
  if (table.public) return;
  const expected = question.dataset ?? question.wanted;
  if (expected !== null && !sameName(expected, dataset.name)) {
    throw new SpannedError('POLICY_DATASET', ref.span, {
      message: `${quoteText(ref.name.text)} belongs to the data set ${dataset.name}, and the question is about ${expected}.`,
      next: 'Ask about one data set at a time; public tables may be joined to any.',
      fields: { dataset: dataset.name },
    });
  }
  question.enterDataset(dataset);
}

/**
 * The listed columns, and before them what ties the table to its unit, where it is not listed: the unit's own column, or
 * the link to the table that the unit is reached through.
 */
function tableRelation(dataset: Dataset, table: Table, ref: Syntax.TableName, question: Question): TableRelation {
  const listed = [...table.columns.values()];
  const tie = table.unit === null ? null : table.unit.kind === 'column' ? table.unit.column : table.unit.on;
  const isListed = tie === null || listed.some((column) => sameName(column.name, tie));
  const units = table.public ? null : admittedUnits(dataset, question.meant, ref.span);
  const shown = [...(isListed ? [] : [{ name: tie, nullable: true }]), ...listed];
  return {
    kind: 'table',
    dataset: dataset.name,
    table: table.name,
    columns: shown.map(({ name, nullable }): Column => {
      return { id: question.fresh(), name, type: columnType(table, name), nullable };
    }),
    source: shown.map(({ name }) => name),
    ...(units === null ? {} : { units }),
    span: ref.span,
  };
}
