/** Puts a member into a map or list of YAML or JSON. */
import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { lineBreakOf, lineEnd, lineStart, rangeOf, rangesOf, type Splice } from './splice.ts';

/**
 * Splice that puts a member behind another one, or behind the last; laid out as its neighbours are.
 *
 * @param member - `key: value` of a map, or an item of a list, on one line
 * @param behind - index of the member it follows
 */
export function insertion(
  text: string,
  collection: YAMLMap | YAMLSeq,
  member: string,
  behind: number = collection.items.length - 1,
): Splice {
  const { start, end } = rangeOf(collection);
  const neighbour = rangesOf(text, collection)[behind];
  if (neighbour === undefined) {
    const isBare = text.slice(start + 1, end - 1).trim() === '';
    return isBare
      ? { start: start + 1, end: end - 1, text: ` ${member} ` }
      : { start: start + 1, end: start + 1, text: ` ${member}` };
  }
  if (collection.flow === true) {
    return { start: neighbour.end, end: neighbour.end, text: `,${gapBefore(text, neighbour.start)}${member}` };
  }
  const at = lineEnd(text, neighbour.end);
  const dash = isMap(collection) ? neighbour.start : dashBefore(text, neighbour.start);
  const indent = ' '.repeat(dash - lineStart(text, dash));
  return { start: at, end: at, text: `${lineBreakOf(text)}${indent}${isMap(collection) ? '' : '- '}${member}` };
}

/** Offset of the dash of a block list's item. */
export function dashBefore(text: string, item: number): number {
  return text.lastIndexOf('-', item - 1);
}

/** Blanks before a member: a line break and its indentation where it begins a line, else one blank. */
function gapBefore(text: string, at: number): string {
  const line = text.slice(lineStart(text, at), at);
  return line.trim() === '' ? `${lineBreakOf(text)}${line}` : ' ';
}
