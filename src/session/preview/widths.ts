/** Expected half-widths of a question, also where they depend on counts that are supposed. */
import type { Plan } from '../../bound/plan.ts';
import { preview } from '../../release/preview.ts';
import { supposedWidths } from '../../release/suppose.ts';

/** What is expected of one noisy output. */
export interface PreviewedColumn {
  /** In its own units; null where it depends on what is released, and no size is supposed. */
  readonly halfWidth: number | null;
  readonly level: number;
}

export type PreviewedColumns = Readonly<Record<string, PreviewedColumn>>;

/**
 * Half-widths by output name: from the laws of the noises alone where these tell them, else an upper figure for answers
 * whose groups have `size` rows (see `supposedWidths`).
 *
 * @param size - supposed number of persons or rows in every group; null: none is supposed
 */
export function widthsOf(plan: Plan, level: number, size: number | null): PreviewedColumns {
  const expected = preview(plan, level);
  const isOpen = expected.some(({ halfWidth }) => halfWidth === null);
  const supposed = size === null || !isOpen ? new Map<string, number | null>() : supposedWidths(plan, size, level);
  const entries = expected.map(({ name, halfWidth }): [string, PreviewedColumn] => [
    name,
    { halfWidth: halfWidth ?? supposed.get(name) ?? null, level },
  ]);
  // Without a prototype: an output may be called `constructor`.
  return Object.setPrototypeOf(Object.fromEntries(entries), null) as PreviewedColumns;
}

/** Part of the width told, from which on a narrower one in the middle is worth a word. */
const WORTH_A_WORD = 0.9;

/** What is told is the widest interval: how much narrower that of a mean between its bounds may be, in groups of `size`. */
export function middleNotes(plan: Plan, columns: PreviewedColumns, size: number): readonly string[] {
  const told = Object.entries(columns).filter(([, { halfWidth }]) => halfWidth !== null);
  const [first] = told;
  if (first === undefined || preview(plan, first[1].level).every(({ halfWidth }) => halfWidth !== null)) return [];
  const middle = supposedWidths(plan, size, first[1].level, 'middle');
  const narrower = told.flatMap(([name, { halfWidth }]) => {
    const there = middle.get(name) ?? null;
    return there === null || there > (halfWidth as number) * WORTH_A_WORD ? [] : [`${name} ± ${short(there)}`];
  });
  if (narrower.length === 0) return [];
  return [
    `The widths told hold wherever means lie between their bounds, and are widest at these. Of means halfway between, in ` +
      `groups of ${size}: ${narrower.join(', ')}.`,
  ];
}

/** Three digits of an upper figure, rounded up. */
function short(width: number): string {
  const unit = 10 ** (Math.floor(Math.log10(width)) - 2);
  return String(Number((Math.ceil(width / unit) * unit).toPrecision(3)));
}

/** The widest of several columns: 0 where none is noisy, null where one is not known. */
export function widestOf(columns: PreviewedColumns): number | null {
  return Object.values(columns).reduce<number | null>(
    (most, { halfWidth }) => (most === null || halfWidth === null ? null : Math.max(most, halfWidth)),
    0,
  );
}
