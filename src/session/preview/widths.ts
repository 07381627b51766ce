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
 * Half-widths by output name: from the laws of the noises alone where these tell them, else as in an answer whose groups
 * have `size` rows.
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

/** The widest of several columns: 0 where none is noisy, null where one is not known. */
export function widestOf(columns: PreviewedColumns): number | null {
  return Object.values(columns).reduce<number | null>(
    (most, { halfWidth }) => (most === null || halfWidth === null ? null : Math.max(most, halfWidth)),
    0,
  );
}
