/** Aligned tables that stay within the terminal: long texts fold, many columns stand in several blocks, figures stay whole. */
import { paint, type Style } from './paint.ts';
import { displayWidth, steadied } from './width.ts';
import { terminalWidth, wrapped } from './wrap.ts';

/** A column of a text table; numbers stand right. */
export interface TextColumn {
  readonly title: string;
  readonly cells: readonly string[];
  readonly right: boolean;
  /** `key`: says which row this is, and is repeated in every block; `beside`: never parted from the column before it. */
  readonly role?: 'key' | 'beside';
  readonly style?: Style;
}

/** Texts of keys fold to no less than this where that makes the table fit, and to `TIGHT` where nothing else does. */
const FOLDED = 20;
const TIGHT = 8;
const GAP = 2;

/**
 * Lines of a table: titles, a rule, one line or more a row. A table wider than `width` folds the texts of its keys and its
 * titles; what is too wide then is printed in blocks below each other, each with the keys. Figures are never cut.
 */
export function textTable(given: readonly TextColumn[], width: number = terminalWidth()): string[] {
  const columns = given.map((column) => ({
    ...column,
    title: steadied(column.title),
    cells: column.cells.map(steadied),
  }));
  const whole = fitted(columns, width, FOLDED);
  if (whole !== null) return printed(columns, whole);
  const keys = columns.filter(({ role }) => role === 'key');
  const blocks: TextColumn[][] = [];
  for (const together of togetherOf(columns.filter(({ role }) => role !== 'key'))) {
    const last = blocks.at(-1);
    const joined = [...(last ?? keys), ...together];
    if (last !== undefined && fitted(joined, width, FOLDED) !== null) blocks[blocks.length - 1] = joined;
    else blocks.push([...keys, ...together]);
  }
  if (blocks.length === 0) blocks.push(keys);
  return blocks.flatMap((block, index) => [
    ...(index === 0 ? [] : ['']),
    ...printed(
      block,
      fitted(block, width, FOLDED) ?? fitted(block, width, TIGHT) ?? block.map((one) => least(one, TIGHT)),
    ),
  ]);
}

/** A figure with what belongs beside it. */
function togetherOf(columns: readonly TextColumn[]): readonly (readonly TextColumn[])[] {
  const groups: TextColumn[][] = [];
  for (const column of columns) {
    const last = groups.at(-1);
    if (column.role === 'beside' && last !== undefined) last.push(column);
    else groups.push([column]);
  }
  return groups;
}

/** Widths of the columns where they fit together, the widest folded first; null where they do not. */
function fitted(columns: readonly TextColumn[], width: number, folded: number): readonly number[] | null {
  const widths = columns.map(natural);
  const floors = columns.map((column) => least(column, folded));
  let excess = widths.reduce((sum, one) => sum + one, GAP * (columns.length - 1)) - width;
  while (excess > 0) {
    const spare = widths.map((one, index) => (one > (floors[index] as number) ? one : 0));
    const widest = Math.max(...spare);
    if (widest === 0) return null;
    widths[spare.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
  return widths;
}

function natural({ title, cells }: TextColumn): number {
  return cells.reduce((wide, cell) => Math.max(wide, displayWidth(cell)), displayWidth(title));
}

/** How narrow a column may become: texts of keys and titles fold, figures do not. */
function least(column: TextColumn, folded: number): number {
  const { title, cells, right, role } = column;
  if (role === 'key' && !right) return Math.min(folded, natural(column));
  const figures = cells.reduce((wide, cell) => Math.max(wide, displayWidth(cell)), 0);
  return Math.max(figures, Math.min(TIGHT, displayWidth(title)));
}

function printed(columns: readonly TextColumn[], widths: readonly number[]): string[] {
  const row = (texts: readonly string[], isTitle: boolean): string[] => {
    const parts = texts.map((text, index) => folds(text, widths[index] as number));
    return Array.from({ length: Math.max(...parts.map((part) => part.length)) }, (_, line) =>
      columns
        .map(({ right, style }, index) => {
          const padded = pad(parts[index]?.[line] ?? '', widths[index] as number, right);
          return isTitle || style === undefined ? padded : paint(style, padded);
        })
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  const rows = columns[0]?.cells.length ?? 0;
  return [
    ...row(
      columns.map(({ title }) => title),
      true,
    ),
    widths.map((wide) => '─'.repeat(wide)).join(' '.repeat(GAP)),
    ...Array.from({ length: rows }, (_, at) => at).flatMap((at) =>
      row(
        columns.map(({ cells }) => cells[at] ?? ''),
        false,
      ),
    ),
  ];
}

/** A text in lines of at most `width` columns: broken at spaces, then behind underscores, then anywhere. */
function folds(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  return wrapped(text, width).flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const piece of line.split(/(?<=[_/-])/).flatMap((part) => (displayWidth(part) > width ? [...part] : [part]))) {
      if (current !== '' && displayWidth(current + piece) > width) {
        lines.push(current);
        current = '';
      }
      current += piece;
    }
    return [...lines, current];
  });
}

function pad(text: string, wide: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, wide - displayWidth(text)));
  return right ? gap + text : text + gap;
}
