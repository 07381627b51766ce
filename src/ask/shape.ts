/** What of a question may be kept where it could be read for years. */
import { foldName } from '../policy/fold-name.ts';
import type { Policy } from '../policy/policy.ts';
import { FUNCTIONS } from './function-names.ts';
import { KEYWORD_CLASSES } from './sql/keywords.ts';
import { type Token, tokenize } from './sql/tokenize.ts';

/** Longest shape, in UTF-16 code units; what is cut off ends in `…`. */
const SHAPE_LENGTH_MAX = 4000;

/**
 * A question without what its author put into it: every constant and parameter is `?`, comments are gone, white space is
 * one blank. Words of SQL and names of the policy stay as they are; all others (aliases, common tables, a text in the wrong
 * quotes) become `name1`, `name2`, … in order of appearance, for a name somebody chose can name a patient, too.
 *
 * @param text - of a question, also of a refused one (`textOf`)
 * @returns the shape; `(unreadable)` for text that is not made of SQL's words and signs
 */
export function shapeOf(text: string, policy: Policy): string {
  let tokens: readonly Token[];
  try {
    tokens = tokenize(text);
  } catch {
    return '(unreadable)';
  }
  const known = namesOf(policy);
  const given = new Map<string, string>();
  let shape = '';
  let end = tokens[0]?.start ?? 0;
  for (const token of tokens) {
    if (token.kind === 'end') break;
    shape += `${token.start > end ? ' ' : ''}${shown(token, known, given)}`;
    end = token.end;
  }
  return shape.length <= SHAPE_LENGTH_MAX ? shape : `${shape.slice(0, SHAPE_LENGTH_MAX - 1)}…`;
}

function shown(token: Token, known: ReadonlySet<string>, given: Map<string, string>): string {
  switch (token.kind) {
    case 'number':
    case 'string':
    case 'parameter':
      return '?';
    case 'word':
    case 'quoted': {
      const isWord = token.kind === 'word';
      const name = foldName(token.value);
      if (known.has(name) || (isWord && isWordOfSql(name)))
        return isWord ? token.value : `"${token.value.replaceAll('"', '""')}"`;
      const number = given.get(name) ?? `name${given.size + 1}`;
      given.set(name, number);
      return number;
    }
    default:
      return token.symbol;
  }
}

function isWordOfSql(word: string): boolean {
  return FUNCTIONS.has(word) || Object.values(KEYWORD_CLASSES).some((words) => words.has(word));
}

/** Every name that the policy's author chose, folded. */
function namesOf({ datasets }: Policy): ReadonlySet<string> {
  const names = new Set<string>();
  for (const dataset of datasets.values()) {
    names.add(foldName(dataset.name));
    names.add(foldName(dataset.unit.column));
    for (const table of dataset.tables.values()) {
      names.add(foldName(table.name));
      if (table.unit !== null) names.add(foldName(table.unit.kind === 'column' ? table.unit.column : table.unit.on));
      for (const column of table.columns.keys()) names.add(foldName(column));
    }
  }
  return names;
}
