/** Where a limit stands in a policy's text, and the splices that change it. */
import { type Document, isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { compare, type Rational } from '../../dp/rational.ts';
import { foldName } from '../fold-name.ts';
import { yamlName, yamlText } from '../init/print-name.ts';
import type { BudgetLimit, Policy } from '../policy.ts';
import { insertion } from './insert.ts';
import { type LimitPlace, openTo } from './limit-place.ts';
import { printAmount } from './print-amount.ts';
import { removal } from './remove.ts';
import { endOfColon, pairOf, rangeOf, type Splice } from './splice.ts';

/** A policy's text as it is edited. */
export interface Draft {
  readonly text: string;
  readonly document: Document;
  readonly policy: Policy;
  /** Keys and words in quotes. */
  readonly isJson: boolean;
}

/** Splices that make one limit another; null where the text is laid out in a way that nobody here knows. */
export function limitSplices(
  draft: Draft,
  place: LimitPlace,
  was: BudgetLimit | null,
  limit: BudgetLimit | null,
): readonly Splice[] | null {
  const root = draft.document.contents;
  if (!isMap(root)) return null;
  if (place.kind === 'all') return inMap(draft, root, ['gauze'], was, limit);
  if (place.kind === 'principal')
    return ofPrincipal(draft, at(root, ['principals', place.principal]), place, was, limit);
  const dataset = at(root, ['datasets', place.dataset]);
  if (!isMap(dataset)) return null;
  if (place.kind === 'dataset') return inMap(draft, dataset, ['contribution'], was, limit);
  return ofPurpose(draft, dataset, place.purpose, was, limit);
}

/** The limit under `budget` of a map; a new one follows the first of the keys that is there. */
function inMap(
  draft: Draft,
  map: YAMLMap,
  behind: readonly string[],
  was: BudgetLimit | null,
  limit: BudgetLimit | null,
): readonly Splice[] | null {
  const index = indexOf(map, 'budget');
  if (limit === null) return removal(draft.text, map, index);
  if (was !== null) return changed(draft, map.items[index]?.value as Node, was, limit);
  return [added(draft, map, 'budget', printLimit(draft, limit), behind)];
}

function ofPrincipal(
  draft: Draft,
  principal: Node | null,
  place: Extract<LimitPlace, { kind: 'principal' }>,
  was: BudgetLimit | null,
  limit: BudgetLimit | null,
): readonly Splice[] | null {
  if (!isMap(principal)) return null;
  const budgets = at(principal, ['budgets']);
  if (limit !== null && was === null) {
    const item = printLimit(draft, limit, place.dataset);
    if (isSeq(budgets)) return [insertion(draft.text, budgets, item)];
    return [added(draft, principal, 'budgets', `[ ${item} ]`, [])];
  }
  if (!isSeq(budgets)) return null;
  const index = budgets.items.findIndex((item) => {
    const name = isMap(item) ? at(item, ['dataset']) : null;
    return name !== null && foldName(String(name)) === foldName(place.dataset);
  });
  if (limit === null) return removal(draft.text, budgets, index);
  return was === null ? null : changed(draft, budgets.items[index] as Node, was, limit);
}

function ofPurpose(
  draft: Draft,
  dataset: YAMLMap,
  purpose: string,
  was: BudgetLimit | null,
  limit: BudgetLimit | null,
): readonly Splice[] | null {
  const purposes = at(dataset, ['purposes']);
  const print = (name: string): string =>
    name === purpose && limit !== null ? `{ ${key(draft, 'budget')}: ${printLimit(draft, limit)} }` : '{}';
  if (purposes === null) {
    const all = [...openTo(draft.policy).keys()].map((name) => `${key(draft, name)}: ${print(name)}`);
    return [added(draft, dataset, 'purposes', `{ ${all.join(', ')} }`, ['budget', 'contribution'])];
  }
  if (isSeq(purposes))
    return asMap(draft, purposes, (name) => print(foldName(name) === foldName(purpose) ? purpose : name));
  if (!isMap(purposes)) return null;
  const pair = pairOf(purposes, (name) => foldName(name) === foldName(purpose));
  if (pair === null) return null;
  if (isMap(pair.value)) return inMap(draft, pair.value, [], was, limit);
  return [behindKey(draft, pair, print(purpose))];
}

/** A list of purposes as a map from them; what stands around them stays. */
function asMap({ text }: Draft, list: YAMLSeq, print: (name: string) => string): readonly Splice[] {
  const items = (list.items as Node[]).map((item) => ({ ...rangeOf(item), name: String(item) }));
  const values = items.map(({ end, name }) => ({ start: end, end, text: `: ${print(name)}` }));
  const { start, end } = rangeOf(list);
  if (list.flow === true) {
    return [{ start, end: start + 1, text: '{' }, ...values, { start: end - 1, end, text: '}' }];
  }
  const dashes = items.map((item) => {
    const dash = text.lastIndexOf('-', item.start - 1);
    return { start: dash, end: dash + 1, text: ' ' };
  });
  return [...dashes, ...values];
}

/** Splices that make the parts of a limit others, part by part. */
function changed(draft: Draft, node: Node, was: BudgetLimit, limit: BudgetLimit): readonly Splice[] | null {
  if (!isMap(node)) return null;
  const { text } = draft;
  const [from, to] = [was, limit].map(({ epsilon }) => (epsilon === null ? 'rho' : 'epsilon')) as ['rho', 'rho'];
  const [loss, delta, renews] = [from, 'delta', 'renews'].map((name) => pairOf(node, (one) => one === name));
  if (loss === null || loss === undefined) return null;
  const splices: Splice[] = [];
  if (from !== to) splices.push({ ...rangeOf(loss.key as Node), text: key(draft, to) });
  if (from !== to || !isEqual(was[from], limit[to])) splices.push(replaced(loss, printAmount(limit[to] as Rational)));
  // Two members behind the same one are put there together, in order.
  const behind: string[] = [];
  if (!isEqual(was.delta, limit.delta)) {
    if (delta) splices.push(replaced(delta, printAmount(limit.delta)));
    else behind.push(`${key(draft, 'delta')}: ${printAmount(limit.delta)}`);
  }
  if (was.renews !== limit.renews) {
    if (limit.renews === null) splices.push(...removal(text, node, indexOf(node, 'renews')));
    else if (renews) splices.push(replaced(renews, word(draft, limit.renews)));
    else behind.push(`${key(draft, 'renews')}: ${word(draft, limit.renews)}`);
  }
  const at = delta && behind.length === 1 && behind[0]?.includes('renews') ? 'delta' : from;
  return [...splices, ...joined(behind.map((member) => insertion(text, node, member, indexOf(node, at))))];
}

/** Splices at one place as one. */
function joined(splices: readonly Splice[]): readonly Splice[] {
  const [first] = splices;
  return first === undefined ? [] : [{ ...first, text: splices.map(({ text }) => text).join('') }];
}

function replaced({ value }: Pair, text: string): Splice {
  return { ...rangeOf(value as Node), text };
}

function isEqual(a: Rational | null, b: Rational | null): boolean {
  return a !== null && b !== null && compare(a, b) === 0;
}

function added(draft: Draft, map: YAMLMap, name: string, value: string, behind: readonly string[]): Splice {
  const index = behind.map((one) => indexOf(map, one)).find((one) => one >= 0);
  return insertion(draft.text, map, `${key(draft, name)}: ${value}`, index);
}

/** A value for a key that has none. */
function behindKey({ text }: Draft, { key: name, value }: Pair, put: string): Splice {
  const written = value === null ? null : rangeOf(value as Node);
  if (written !== null && written.end > written.start) return { ...written, text: put };
  const at = endOfColon(text, name as Node);
  return { start: at, end: at, text: text[at - 1] === ':' ? ` ${put}` : `: ${put}` };
}

function printLimit(draft: Draft, { epsilon, rho, delta, renews }: BudgetLimit, dataset: string | null = null): string {
  const parts: (readonly [string, string] | null)[] = [
    dataset === null ? null : ['dataset', draft.isJson ? yamlText(dataset) : yamlName(dataset)],
    epsilon === null ? null : ['epsilon', printAmount(epsilon)],
    rho === null ? null : ['rho', printAmount(rho)],
    delta.numerator === 0n ? null : ['delta', printAmount(delta)],
    renews === null ? null : ['renews', word(draft, renews)],
  ];
  const written = parts.filter((part) => part !== null).map(([name, value]) => `${key(draft, name)}: ${value}`);
  return `{ ${written.join(', ')} }`;
}

function key({ isJson }: Draft, name: string): string {
  return isJson ? yamlText(name) : yamlName(name);
}

function word({ isJson }: Draft, text: string): string {
  return isJson ? yamlText(text) : text;
}

function indexOf(map: YAMLMap, name: string): number {
  const pair = pairOf(map, (one) => one === name);
  return pair === null ? -1 : map.items.indexOf(pair);
}

function at(node: Node, path: readonly string[]): Node | null {
  return path.reduce<Node | null>((from, name) => {
    const pair = isMap(from) ? pairOf(from, (one) => one === name) : null;
    return (pair?.value as Node | undefined) ?? null;
  }, node);
}
