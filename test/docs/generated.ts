/** Tables of the documentation that are made from the sources, so that neither knows what the other lacks. */
import { FUNCTIONS } from '../../src/ask/function-names.ts';
import { REFUSED_FUNCTIONS } from '../../src/ask/refused-functions.ts';
import { SCALARS } from '../../src/ask/scalar.ts';
import { BY_FIELDS, COLUMN_FIELDS } from '../../src/policy/fields/column.ts';
import {
  CONSENT_FIELDS,
  CONTRIBUTION_FIELDS,
  DATASET_FIELDS,
  DATASET_PURPOSE_FIELDS,
} from '../../src/policy/fields/dataset.ts';
import type { Fields } from '../../src/policy/fields/field.ts';
import { LIMIT_FIELDS, PRINCIPAL_BUDGET_FIELDS } from '../../src/policy/fields/limit.ts';
import {
  ANSWERS_FIELDS,
  APPROVAL_FIELDS,
  LEDGER_FIELDS,
  POLICY_FIELDS,
  PURPOSE_FIELDS,
  RETENTION_FIELDS,
  TERMS_FIELDS,
} from '../../src/policy/fields/policy.ts';
import { PRINCIPAL_FIELDS } from '../../src/policy/fields/principal.ts';
import { TABLE_FIELDS, THROUGH_FIELDS } from '../../src/policy/fields/table.ts';
import { WATCH_FIELDS, WATCH_NUMBERS } from '../../src/policy/fields/watch.ts';

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(titles), row(titles.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text: string): string => `\`${text}\``;

function keys(fields: Fields): string {
  return table(
    ['key', 'needed', 'meaning', 'example'],
    Object.entries(fields).map(([name, field]) => [
      code(name),
      field.required ? 'yes' : 'no',
      field.description,
      code(field.example),
    ]),
  );
}

/** Names that stand for one thing, together. */
function namesBy(kind: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, meaning] of FUNCTIONS) {
    if (meaning.kind !== kind) continue;
    const target = JSON.stringify(meaning);
    found.set(target, [...(found.get(target) ?? []), name]);
  }
  return found;
}

function scalars(): string {
  return table(
    ['write', 'NULL', 'meaning'],
    [...namesBy('scalar')].map(([target, names]) => {
      const { fn } = JSON.parse(target) as { fn: keyof typeof SCALARS };
      return [names.map(code).join(' '), NULLS[SCALARS[fn].nulls], SCALARS[fn].meaning];
    }),
  );
}

const NULLS = {
  strict: 'if an argument is',
  partial: 'if an argument is, or there is no result',
  all: 'if all arguments are',
  never: 'never',
  own: 'see the meaning',
} as const;

function others(kind: string): string {
  return [...namesBy(kind)].map(([, names]) => `- ${names.map(code).join(' ')}`).join('\n');
}

function refusedFunctions(): string {
  const groups = new Map<string, string[]>();
  for (const [name, { why, instead }] of REFUSED_FUNCTIONS) {
    const key = JSON.stringify([why, instead]);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return table(
    ['names', 'why not: it …', 'instead'],
    [...groups].map(([key, names]) => {
      const [why, instead] = JSON.parse(key) as [string, string];
      return [names.map(code).join(' '), why, instead];
    }),
  );
}

/** Generated parts by the name in their marker. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  'keys of a policy': () => keys(POLICY_FIELDS),
  'keys of approval': () => keys(APPROVAL_FIELDS),
  'keys of answers': () => keys(ANSWERS_FIELDS),
  'keys of retention': () => keys(RETENTION_FIELDS),
  'keys of ledger': () => keys(LEDGER_FIELDS),
  'keys of watch': () => keys(WATCH_FIELDS),
  'numbers of the watch': () =>
    table(
      ['rule', 'number', 'meaning'],
      Object.entries(WATCH_NUMBERS).flatMap(([rule, numbers]) =>
        Object.entries(numbers).map(([name, field]) => [code(rule), code(name), field.description]),
      ),
    ),
  'keys of a purpose': () => keys(PURPOSE_FIELDS),
  'keys of terms': () => keys(TERMS_FIELDS),
  'keys of a data set’s purpose': () => keys(DATASET_PURPOSE_FIELDS),
  'keys of consent': () => keys(CONSENT_FIELDS),
  'keys of a data set': () => keys(DATASET_FIELDS),
  'keys of contribution': () => keys(CONTRIBUTION_FIELDS),
  'keys of a limit': () => keys(LIMIT_FIELDS),
  'keys of a table': () => keys(TABLE_FIELDS),
  'keys of a link': () => keys(THROUGH_FIELDS),
  'keys of a column': () => keys(COLUMN_FIELDS),
  'keys of bounds by code': () => keys(BY_FIELDS),
  'keys of a principal': () => keys(PRINCIPAL_FIELDS),
  'keys of a principal’s budget': () => keys(PRINCIPAL_BUDGET_FIELDS),
  'scalar functions': scalars,
  'parts of a date': () => others('part'),
  'spelled-out functions': () => others('sugar'),
  aggregates: () => others('aggregate'),
  'window functions': () => others('window'),
  'refused functions': refusedFunctions,
};

const MARKED = /<!-- from the sources: (.*?) -->\n[\s\S]*?<!-- end -->/g;

/** A document with its generated parts made anew. @throws Error for a marker that names none */
export function refreshed(text: string): string {
  return text.replace(MARKED, (_, name: string) => {
    const make = GENERATED[name];
    if (make === undefined) throw new Error(`nothing is generated as ${name}`);
    return `<!-- from the sources: ${name} -->\n${make()}\n<!-- end -->`;
  });
}

/** Names of the generated parts of a document. */
export function markersOf(text: string): string[] {
  return [...text.matchAll(MARKED)].map((match) => match[1] as string);
}
