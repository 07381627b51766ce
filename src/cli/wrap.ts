/** Prose within the width of the terminal. */
import { displayWidth } from './width.ts';

/** What a file or pipe is written for, and as wide as prose is comfortable to read. */
const WIDTH = 100;
const WIDTH_MIN = 40;

/** Columns of the terminal behind a stream; 100 where there is none. */
export function terminalWidth(stream: NodeJS.WriteStream = process.stdout): number {
  return stream.isTTY === true && stream.columns > 0 ? Math.max(WIDTH_MIN, stream.columns) : WIDTH;
}

/** Columns that prose takes: those of the terminal, and never more than 100. */
export function proseWidth(stream: NodeJS.WriteStream = process.stdout): number {
  return Math.min(WIDTH, terminalWidth(stream));
}

/** Sentences for stdout, each within the width of the terminal. */
export function prose(lines: readonly string[]): string[] {
  return lines.flatMap((line) => wrapped(line, proseWidth(), 2));
}

/**
 * Lines of at most `width` columns, broken at spaces; a longer word stays whole. Every line of the text keeps its
 * indentation, and what is broken off it stands `hang` columns deeper.
 */
export function wrapped(text: string, width: number, hang: number = 0): string[] {
  return text.split('\n').flatMap((line) => {
    if (displayWidth(line) <= width) return [line];
    const margin = ' '.repeat(line.length - line.trimStart().length);
    const lines: string[] = [];
    let current = '';
    // A symbol stays with the number behind it.
    for (const word of line.trim().split(/(?<![εδ±·]) /)) {
      const room = width - margin.length - (lines.length > 0 ? hang : 0);
      if (current !== '' && displayWidth(current) + 1 + displayWidth(word) > room) {
        lines.push(current);
        current = word;
      } else current = current === '' ? word : `${current} ${word}`;
    }
    return [...lines, current].map((part, index) => `${margin}${index > 0 ? ' '.repeat(hang) : ''}${part}`);
  });
}
