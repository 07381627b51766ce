/** Small changes to a text of YAML or JSON that leave every other character where it stands. */
import { isCollection, isMap, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** Replaces `[start, end)` of a text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with its splices made; none of them overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  return (
    [...splices]
      // What is taken away at a place goes before what is put there.
      .sort((a, b) => b.start - a.start || b.end - a.end)
      .reduce((was, { start, end, text: put }) => was.slice(0, start) + put + was.slice(end), text)
  );
}

/** A node where it was read. */
export function rangeOf(node: Node): { readonly start: number; readonly end: number } {
  const [start, end] = node.range as [number, number, number];
  return { start, end };
}

/** End of what is written of a node: comments and line breaks after it are not counted. */
function endOf(text: string, node: Node): number {
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined;
  if (last !== undefined) return isMap(node) ? endOfPair(text, last as Pair) : endOf(text, last as Node);
  const { start, end } = rangeOf(node);
  return start + text.slice(start, end).trimEnd().length;
}

/** End of a key with its value. */
function endOfPair(text: string, { key, value }: Pair): number {
  const node = value as Node | null;
  const isWritten = node !== null && rangeOf(node).end > rangeOf(node).start;
  return isWritten ? endOf(text, node) : endOfColon(text, key as Node);
}

/** Behind the colon of a key, or behind the key where it has none. */
export function endOfColon(text: string, key: Node): number {
  const { end } = rangeOf(key);
  return end + (/^\s*:/.exec(text.slice(end))?.[0].length ?? 0);
}

/** What ends the lines of a text. */
export function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Start of the line that an offset stands in. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** End of the line that an offset stands in, before its break. */
export function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  if (found < 0) return text.length;
  return text[found - 1] === '\r' && found > at ? found - 1 : found;
}

/** Whole lines from one offset to another, with a break. */
export function linesOf(text: string, from: number, to: number): Splice {
  const [start, end] = [lineStart(text, from), lineEnd(text, to)];
  if (end < text.length) return { start, end: text.indexOf('\n', end) + 1, text: '' };
  // The last line of a text that ends without a break gives up the break before it.
  const before = text.slice(0, start);
  return { start: before.length - (/\r?\n$/.exec(before)?.[0].length ?? 0), end, text: '' };
}

/** A pair of a map by its key; `is` decides what the same name is. */
export function pairOf(map: YAMLMap, is: (name: string) => boolean): Pair | null {
  return map.items.find(({ key }) => isScalar(key) && is(String(key.value))) ?? null;
}

/** Members of a map or list as ranges, in order. */
export function rangesOf(text: string, collection: YAMLMap | YAMLSeq): readonly { start: number; end: number }[] {
  return isMap(collection)
    ? collection.items.map((pair) => ({ start: rangeOf(pair.key as Node).start, end: endOfPair(text, pair) }))
    : collection.items.map((item) => ({ start: rangeOf(item as Node).start, end: endOf(text, item as Node) }));
}
