/** The SELECT list: stars spelled out, names, and aliases that other clauses may use. */
import { SpannedError } from '../../errors.ts';
import type { Expr } from '../ir.ts';
import { quoteText } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { AliasLookup, Environment, Scope } from './environment.ts';
import { outputName, uniqueNames } from './output-name.ts';
import { sameName, sourceNamed, unknownTable } from './scope.ts';

/** One column of the list: written out, or one that a star stands for. */
export interface ListItem {
  readonly syntax: Syntax.Expr | null;
  readonly column: Expr | null;
  readonly alias: Syntax.Name | null;
  readonly name: string;
}

/** The list with its stars spelled out and its names made unique. */
export function listItems(items: readonly Syntax.SelectItem[], scope: Scope): readonly ListItem[] {
  const spelled = items.flatMap((item): readonly ListItem[] => {
    if (item.kind === 'star') return starItems(item, scope);
    const name = item.alias?.text ?? outputName(item.expr, (ref) => declaredName(ref, scope));
    return [{ syntax: item.expr, column: null, alias: item.alias, name }];
  });
  const names = uniqueNames(spelled.map((item) => item.name));
  return spelled.map((item, i) => ({ ...item, name: names[i]! }));
}

function starItems(star: Syntax.StarItem, scope: Scope): readonly ListItem[] {
  if (scope.sources.length === 0) {
    throw new SpannedError('QUERY_UNKNOWN_NAME', star.span, {
      message: 'There is nothing that * could stand for.',
      next: 'Name a table in FROM.',
    });
  }
  const source = star.qualifier === null ? null : sourceNamed(scope, star.qualifier, null);
  if (star.qualifier !== null && source === null) throw unknownTable(star.qualifier, scope);
  const entries = source === null ? scope.visible : source.entries;
  return entries.map((entry) => ({
    syntax: null,
    column: { ...entry.expr, span: star.span },
    alias: null,
    name: entry.name,
  }));
}

/** The spelling a column has where it comes from. */
function declaredName(ref: Syntax.ColumnRef, scope: Scope): string {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const entry = at.visible.find((candidate) => sameName(candidate.name, ref.name.text));
    if (entry !== undefined) return entry.name;
  }
  return ref.name.text;
}

/** An item at its place. */
export function resolveItem(item: ListItem, env: Environment): Expr {
  return item.column ?? env.question.resolvers.expr(item.syntax!, env);
}

/** Finds aliases of the first `count` items; an alias means its expression, resolved at the place that uses it. */
export function aliasesOf(items: readonly ListItem[], count: number): AliasLookup {
  return (name, env) => {
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      const { alias } = items[i]!;
      if (alias !== null && sameName(alias.text, name.text)) found.push(i);
    }
    const [index] = found;
    if (index === undefined) return null;
    if (found.length > 1) {
      throw new SpannedError('QUERY_AMBIGUOUS', name.span, {
        message: `Two columns are called ${quoteText(name.text)}.`,
        next: 'Give each an alias of its own.',
      });
    }
    return resolveItem(items[index]!, { ...env, aliases: aliasesOf(items, index) });
  };
}
