/** Takes a member out of a map or list of YAML or JSON. */
import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { dashBefore } from './insert.ts';
import { lineStart, linesOf, rangeOf, rangesOf, type Splice } from './splice.ts';

/** Splices that take a member out; comments around it stay, save one on its own line. A list of none becomes `[]`. */
export function removal(text: string, collection: YAMLMap | YAMLSeq, index: number): readonly Splice[] {
  const ranges = rangesOf(text, collection);
  const [member, next] = [ranges[index]!, ranges[index + 1]];
  if (collection.flow === true) return fromFlow(text, collection, index);
  if (isMap(collection)) {
    const isFirstOfLine = text.slice(lineStart(text, member.start), member.start).trim() === '';
    // What follows moves up behind the dash of its list.
    if (!isFirstOfLine && next !== undefined) return [{ start: member.start, end: next.start, text: '' }];
    return [linesOf(text, member.start, member.end)];
  }
  const lines = linesOf(text, dashBefore(text, member.start), member.end);
  if (ranges.length > 1) return [lines];
  const colon = text.lastIndexOf(':', lines.start);
  return [{ start: colon + 1, end: colon + 1, text: ' []' }, lines];
}

function fromFlow(text: string, collection: YAMLMap | YAMLSeq, index: number): readonly Splice[] {
  const ranges = rangesOf(text, collection);
  const [before, member, next] = [ranges[index - 1], ranges[index]!, ranges[index + 1]];
  if (next !== undefined) {
    const comma = commaAfter(text, member.end);
    const isPlain = text.slice(comma + 1, next.start).trim() === '';
    return [{ start: member.start, end: isPlain ? next.start : comma + 1, text: '' }];
  }
  const { start, end } = rangeOf(collection);
  if (before === undefined) {
    const isBare = `${text.slice(start + 1, member.start)}${text.slice(member.end, end - 1)}`.trim() === '';
    return [isBare ? { start: start + 1, end: end - 1, text: '' } : { start: member.start, end: member.end, text: '' }];
  }
  const comma = commaAfter(text, before.end);
  const blanks = text.slice(comma + 1, member.start).length - text.slice(comma + 1, member.start).trimEnd().length;
  return [
    { start: comma, end: comma + 1, text: '' },
    { start: member.start - blanks, end: member.end, text: '' },
  ];
}

/** Offset of the comma behind a member; one within a comment is none. */
function commaAfter(text: string, at: number): number {
  const skipped = /^(?:\s|#[^\n]*)*/.exec(text.slice(at))?.[0].length ?? 0;
  return at + skipped;
}
