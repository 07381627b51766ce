/** Which column a name means. */
import { type Span, SpannedError } from '../../errors.ts';
import { foldName } from '../../policy/fold-name.ts';
import { nearest } from '../../policy/nearest.ts';
import { columnExpr } from '../column-expr.ts';
import type { Column, Expr } from '../ir.ts';
import { REFUSED_FUNCTIONS } from '../refused-functions.ts';
import { quoteText } from '../sql/refuse.ts';
import type { ColumnRef, Name } from '../sql/syntax.ts';
import type { Entry, Environment, Scope, Source } from './environment.ts';

/** Entries for the columns of a relation, under their own names. */
export function entriesOf(columns: readonly Column[], span: Span): readonly Entry[] {
  return columns.map((column) => ({ name: column.name, expr: columnExpr(column, span) }));
}

/** Whether a name as written means this one. */
export function sameName(name: string, other: string): boolean {
  return name === other || foldName(name) === foldName(other);
}

/**
 * What a column name means here: a column of FROM, then an alias of the SELECT list, then a column of a query around.
 *
 * @throws SpannedError POLICY_COLUMN, QUERY_UNKNOWN_NAME, QUERY_AMBIGUOUS
 */
export function lookUp(ref: ColumnRef, env: Environment): Expr {
  const found = ref.table === null ? plainColumn(ref.name, env) : qualifiedColumn(ref, ref.table, env.scope);
  return { ...found, span: ref.span };
}

/** The column a plain name means in the innermost scope alone; null where none does. */
export function ownColumn(name: Name, scope: Scope): Expr | null {
  const found = scope.visible.filter((entry) => sameName(entry.name, name.text));
  if (found.length > 1) throw ambiguous(name, scope);
  return found[0]?.expr ?? null;
}

function plainColumn(name: Name, env: Environment): Expr {
  const own = ownColumn(name, env.scope) ?? env.aliases?.(name, env) ?? null;
  if (own !== null) return own;
  for (let scope = env.scope.outer; scope !== null; scope = scope.outer) {
    const outer = ownColumn(name, scope);
    if (outer !== null) return outer;
  }
  throw unknownColumn(name, env.scope);
}

function qualifiedColumn(ref: ColumnRef, table: Name, start: Scope): Expr {
  for (let scope: Scope | null = start; scope !== null; scope = scope.outer) {
    const source = sourceNamed(scope, table, ref.dataset);
    if (source === null) continue;
    const found = source.entries.filter((entry) => sameName(entry.name, ref.name.text));
    if (found.length > 1) throw ambiguous(ref.name, scope);
    if (found[0] !== undefined) return found[0].expr;
    throw unknownInSource(ref.name, source);
  }
  throw unknownTable(table, start);
}

/** The table of FROM with this name; null where none has it. */
export function sourceNamed(scope: Scope, name: Name, dataset: Name | null): Source | null {
  const found = scope.sources.filter(
    (source) =>
      source.name !== null &&
      sameName(source.name, name.text) &&
      (dataset === null || (source.dataset !== null && sameName(source.dataset, dataset.text))),
  );
  if (found.length > 1) {
    throw new SpannedError('QUERY_AMBIGUOUS', name.span, {
      message: `Two tables here are called ${quoteText(name.text)}.`,
      next: 'Give each a name of its own: FROM visit AS a JOIN visit AS b …',
    });
  }
  return found[0] ?? null;
}

/** No table of FROM is called so. */
export function unknownTable(name: Name, scope: Scope): SpannedError {
  const names = scope.sources.flatMap((source) => (source.name === null ? [] : [source.name]));
  const meant = nearest(name.text, names);
  return new SpannedError('QUERY_UNKNOWN_NAME', name.span, {
    message: `No table here is called ${quoteText(name.text)}.`,
    next:
      meant !== null
        ? `Did you mean ${meant}?`
        : names.length === 0
          ? 'Name the table in FROM first.'
          : `FROM names ${listed(names)}.`,
  });
}

function ambiguous(name: Name, scope: Scope): SpannedError {
  const holders = scope.sources.filter((source) => source.entries.some((entry) => sameName(entry.name, name.text)));
  const choices = holders.flatMap((source) => (source.name === null ? [] : [`${source.name}.${name.text}`]));
  return new SpannedError('QUERY_AMBIGUOUS', name.span, {
    message: `${quoteText(name.text)} could be several columns.`,
    next: choices.length > 1 ? `Write ${choices.join(' or ')}.` : 'Give the columns different aliases.',
  });
}

function unknownInSource(name: Name, source: Source): SpannedError {
  const names = source.entries.map((entry) => entry.name);
  if (source.table !== null) return notListed(name, [source]);
  const meant = nearest(name.text, names);
  return new SpannedError('QUERY_UNKNOWN_NAME', name.span, {
    message: `${quoteText(source.name ?? '')} has no column ${quoteText(name.text)}.`,
    next: meant === null ? `It has ${listed(names)}.` : `Did you mean ${meant}?`,
  });
}

/** Words that SQL reads as functions though no parentheses follow. */
const CLOCKS: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

export function unknownColumn(name: Name, scope: Scope): SpannedError {
  const word = name.text.toLowerCase();
  const clock = CLOCKS.has(word) ? REFUSED_FUNCTIONS.get(word) : undefined;
  if (clock !== undefined) {
    return new SpannedError('QUERY_UNSUPPORTED', name.span, {
      message: `${word} ${clock.why}`,
      next: clock.instead,
    });
  }
  const tables = scope.sources.filter((source) => source.table !== null);
  if (tables.length > 0) return notListed(name, scope.sources);
  const names = scope.visible.map((entry) => entry.name);
  const meant = nearest(name.text, names);
  return new SpannedError('QUERY_UNKNOWN_NAME', name.span, {
    message: `No column here is called ${quoteText(name.text)}.`,
    next:
      meant !== null
        ? `Did you mean ${meant}?`
        : name.quoted
          ? textAdvice(name)
          : names.length === 0
            ? 'Name a table in FROM, or put texts in single quotes.'
            : `There are ${listed(names)}.`,
  });
}

/** Says nothing of whether such a column exists in the data. */
function notListed(name: Name, sources: readonly Source[]): SpannedError {
  const names = sources.flatMap((source) => source.entries.map((entry) => entry.name));
  const meant = nearest(name.text, names);
  const tables = sources.flatMap((source) => (source.table === null ? [] : [source.table.name]));
  const unit = sources.map(({ table }) => table?.unit).find((one) => one?.kind === 'through');
  return new SpannedError('POLICY_COLUMN', name.span, {
    message: `The policy lists no column ${quoteText(name.text)} for ${listed([...new Set(tables)])}.`,
    next:
      meant !== null
        ? `Did you mean ${meant}?${name.quoted ? ` ${textAdvice(name)}` : ''}`
        : name.quoted
          ? textAdvice(name)
          : unit?.kind === 'through'
            ? `Use a listed column. Whose rows these are stands in ${unit.table}: JOIN ${unit.table} USING (${unit.on}).`
            : (valueAdvice(name, sources) ??
              `Use a listed one: ${listed([...new Set(names)])}. Others can’t be used, whether or not they exist.`),
    fields: { column: name.text.slice(0, 64) },
  });
}

/** A listed value that was written without quotes. */
function valueAdvice(name: Name, sources: readonly Source[]): string | null {
  const values = sources.flatMap(({ table }) =>
    [...(table?.columns.values() ?? [])].flatMap((one) => one.values ?? []),
  );
  const meant = values.find((value) => typeof value === 'string' && foldName(value) === foldName(name.text));
  return meant === undefined ? null : `Write the text in single quotes: '${String(meant).replaceAll("'", "''")}'.`;
}

/** What a word in double quotes was most likely meant to be. */
function textAdvice({ text }: Name): string {
  const shown = text.length <= 40 ? `'${text.replaceAll("'", "''")}'` : "'…'";
  return `Double quotes hold names of columns; write a text in single quotes: ${shown}.`;
}

const LISTED_MAX = 12;

/** A few names, joined for a sentence. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_MAX).join(', ');
  return names.length === 0 ? 'no columns' : names.length > LISTED_MAX ? `${shown}, …` : shown;
}
