/** Statements that DuckDB has and gauze refuses, by their first word. */
import type { Cursor } from './cursor.ts';
import { unsupported } from './refuse.ts';

const READS_ONLY = 'Gauze only reads: ask with SELECT.';
const SETTINGS = 'Settings belong to the policy and to the options of the question; ask with SELECT.';
const TABLES = 'Tables are declared in the policy by the data holder; ask with SELECT.';

const GROUPS: readonly (readonly [words: string, next: string])[] = [
  ['insert update delete merge truncate replace upsert', READS_ONLY],
  ['create drop alter comment grant revoke', READS_ONLY],
  ['copy export import unload', 'Gauze neither reads nor writes files; save the answer from its Arrow table.'],
  ['attach detach use install load force', TABLES],
  ['pragma set reset checkpoint vacuum analyze analyse', SETTINGS],
  ['begin start commit rollback abort end savepoint release', 'There are no transactions; ask with SELECT.'],
  ['call execute exec prepare deallocate declare do kill listen notify', 'There are no procedures; ask with SELECT.'],
  ['explain', 'Use `gauze explain` or session.explain() with the SELECT alone: it costs nothing.'],
  ['describe desc show summarize', 'The policy lists tables and columns; use `gauze explain` for a question’s plan.'],
  ['table', 'Write SELECT … FROM with the columns you need.'],
  ['from', 'Put SELECT first: SELECT … FROM ….'],
  ['pivot pivot_wider', "Write one aggregate per column: COUNT(*) FILTER (WHERE ward = 'icu') AS icu."],
  ['unpivot pivot_longer', 'Write one SELECT per column and join them with UNION ALL.'],
];
const REFUSED: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap(([words, next]) => words.split(' ').map((word): [string, string] => [word, next])),
);

/** The error for a refused statement that begins at the current token, or null. */
export function refusedStatement(cursor: Cursor): Error | null {
  const token = cursor.peek();
  const next = token.kind === 'word' ? REFUSED.get(token.symbol) : undefined;
  if (next === undefined) return null;
  const what =
    token.symbol === 'from'
      ? 'FROM without SELECT is not supported.'
      : `${token.symbol.toUpperCase()} is not supported.`;
  return unsupported(token, what, next);
}
