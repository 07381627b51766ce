/** Shapes of questions, compared: which differ in constants alone, and which conditions a question puts. */
import type { ChargeEntry } from '../charge/entry.ts';

/** A question as narrowing looks at it. */
export interface Conditioned {
  /** All that stands outside WHERE and ON. */
  readonly head: string;
  /** What is joined by AND inside them, each with how often it stands there. */
  readonly conditions: ReadonlyMap<string, number>;
}

const WORDS = /"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|<=|>=|<>|!=|\|\||::|\S/gu;
const ORDERS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
/** What ends a condition at its own depth. */
const ENDS: ReadonlySet<string> = new Set(
  'where on group having order limit offset union intersect except window qualify join inner left right full cross natural ,'.split(
    ' ',
  ),
);

/** Several rules read the shapes of one entry. */
const READ = new WeakMap<ChargeEntry, readonly string[]>();

/** Shapes that an entry charges for, in one form: those of a batch stand in one entry. Unreadable ones are left out. */
export function shapesOf(charge: ChargeEntry): readonly string[] {
  const known = READ.get(charge);
  if (known !== undefined) return known;
  const all = (charge.question ?? '').split(';\n').map((shape) => sameWords(shape).join(' '));
  const shapes = all.filter((shape) => shape !== '' && shape !== '( unreadable )');
  READ.set(charge, shapes);
  return shapes;
}

/**
 * Words of a shape, so that ways of writing fall together: case, quotes, blanks, qualified names, the sign of a constant,
 * the length of a list of constants, and which way an order is compared.
 */
function sameWords(shape: string): readonly string[] {
  const words: string[] = [];
  for (const [found] of shape.matchAll(WORDS)) {
    const word = found.startsWith('"') ? found.slice(1, -1).toLowerCase() : found.toLowerCase();
    const [second, last] = [words.at(-2), words.at(-1)];
    if (last === '.' && second !== undefined) words.splice(-2);
    if (word === '?' && (last === '-' || last === '+') && !isOperand(second)) words.pop();
    if (word === '?' && words.at(-1) === ',' && words.at(-2) === '?') words.pop();
    else words.push(ORDERS.has(word) ? '<' : word);
  }
  while (words.at(-1) === ';') words.pop();
  return words;
}

/** Whether a sign behind this word takes something away from it, instead of making a constant negative. */
function isOperand(word: string | undefined): boolean {
  return word !== undefined && (word === ')' || word === '?' || (/^[\p{L}_]/u.test(word) && !SQL.has(word)));
}

const SQL: ReadonlySet<string> = new Set(
  'select where and or not on in between when then else case by having'.split(' '),
);

/** The conditions of a shape; null where its end was cut off, so that they are not all there. */
export function conditionsOf(shape: string): Conditioned | null {
  if (shape.endsWith('…')) return null;
  const words = shape.split(' ');
  const head: string[] = [];
  const conditions = new Map<string, number>();
  for (let at = 0; at < words.length; ) {
    const word = words[at] as string;
    if (word !== 'where' && word !== 'on') {
      head.push(word);
      at += 1;
      continue;
    }
    // JOIN … ON keeps its place; a WHERE may come and go.
    if (word === 'on') head.push(word);
    const end = endOf(words, at + 1);
    for (const one of conjuncts(words.slice(at + 1, end))) conditions.set(one, (conditions.get(one) ?? 0) + 1);
    at = end;
  }
  return { head: head.join(' '), conditions };
}

/** Where a condition that begins at `from` ends. */
function endOf(words: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    if (depth < 0) return at;
    const isFunction = words[at + 1] === '(' && (word === 'left' || word === 'right');
    if (depth === 0 && ENDS.has(word) && !isFunction) return at;
  }
  return words.length;
}

/** What AND joins; a condition with OR at its top is one. */
function conjuncts(words: readonly string[]): readonly string[] {
  const inside = unwrapped(words);
  const parts: string[][] = [[]];
  let depth = 0;
  let between = 0;
  for (const word of inside) {
    if (word === '(' || word === 'case') depth += 1;
    else if (word === ')' || word === 'end') depth -= 1;
    if (depth === 0 && word === 'or') return [inside.join(' ')];
    if (depth === 0 && word === 'between') between += 1;
    if (depth !== 0 || word !== 'and') parts.at(-1)?.push(word);
    else if (between > 0) {
      between -= 1;
      parts.at(-1)?.push(word);
    } else parts.push([]);
  }
  if (parts.length === 1) return inside.length === 0 ? [] : [inside.join(' ')];
  return parts.flatMap(conjuncts);
}

/** Without parentheses around all of it. */
function unwrapped(words: readonly string[]): readonly string[] {
  if (words[0] !== '(') return words;
  let depth = 0;
  for (const [at, word] of words.entries()) {
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    if (depth === 0) return at === words.length - 1 ? unwrapped(words.slice(1, -1)) : words;
  }
  return words;
}

/** Whether `outer` holds all of `inner`, each as often. */
export function holdsAll(outer: Conditioned['conditions'], inner: Conditioned['conditions']): boolean {
  if (inner.size > outer.size) return false;
  for (const [one, count] of inner) if ((outer.get(one) ?? 0) < count) return false;
  return true;
}
