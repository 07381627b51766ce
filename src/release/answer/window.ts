/** Window functions over released rows. */
import { evaluate } from '../../ask/evaluate.ts';
import type { Expr, Window } from '../../ask/ir.ts';
import type { Value } from '../../ask/types.ts';
import { invariant } from '../../errors.ts';
import { type Form, OPEN } from '../interval/form.ts';
import type { Cursor } from './cursor.ts';
import type { Known } from './entries.ts';
import { type Cells, exactCells, noisyCells } from './frame.ts';
import type { Work } from './limits.ts';
import { compareRows, type KeyColumn, sortedRows } from './order.ts';
import { formOf, readsNoise } from './propagate.ts';
import { rowKey } from './row-key.ts';
import { summarise } from './summarise.ts';

/** A window column over the rows of a frame. */
export function windowCells(window: Window, length: number, cursor: Cursor, noisyRows: boolean, work: Work): Cells {
  const keys = window.order.map(({ expr, descending, nullsFirst }): KeyColumn => {
    return { type: expr.type, values: column(expr, length, cursor), descending, nullsFirst };
  });
  const partitions = partitionsOf(window, length, cursor);
  const ordersByNoise = [...window.partition, ...window.order.map(({ expr }) => expr)].some((expr) =>
    readsNoise(expr, cursor),
  );
  const known = new Array<Known>(length);
  for (const rows of partitions) {
    const ordered = sortedRows(keys, rows);
    const values = windowValues(window, ordered, keys, cursor, noisyRows || ordersByNoise, work);
    ordered.forEach((row, place) => {
      const one = values(place);
      known[row] = ordersByNoise || (noisyRows && one.form === null) ? { value: one.value, form: OPEN } : one;
    });
  }
  const values = known.map(({ value }) => value);
  const forms = known.map(({ form }) => form);
  return forms.every((form: Form | null) => form === null) ? exactCells(values) : noisyCells(values, forms);
}

function column(expr: Expr, length: number, cursor: Cursor): readonly Value[] {
  return Array.from({ length }, (_, row) => at(expr, row, cursor));
}

function at(expr: Expr, row: number, cursor: Cursor): Value {
  cursor.row = row;
  return evaluate(expr, cursor.value);
}

function knownAt(expr: Expr, row: number, cursor: Cursor): Known {
  const value = at(expr, row, cursor);
  return { value, form: formOf(expr, cursor) };
}

function partitionsOf(window: Window, length: number, cursor: Cursor): readonly Int32Array[] {
  const rows = new Map<string, number[]>();
  for (let row = 0; row < length; row++) {
    const key = rowKey(window.partition.map((expr) => at(expr, row, cursor)));
    const list = rows.get(key);
    if (list === undefined) rows.set(key, [row]);
    else list.push(row);
  }
  return [...rows.values()].map((list) => Int32Array.from(list));
}

/** Value by place in one ordered partition. */
function windowValues(
  window: Window,
  ordered: Int32Array,
  keys: readonly KeyColumn[],
  cursor: Cursor,
  noisyRows: boolean,
  work: Work,
): (place: number) => Known {
  const exact = (value: Value): Known => ({ value, form: null });
  const starts = peerStarts(ordered, keys);
  switch (window.name) {
    case 'row-number':
      return (place) => exact(BigInt(place + 1));
    case 'rank':
      return (place) => exact(BigInt((starts.start[place] as number) + 1));
    case 'dense-rank':
      return (place) => exact(BigInt((starts.group[place] as number) + 1));
    case 'lag':
    case 'lead':
      return (place) => shifted(window, ordered, place, cursor);
    default:
      return (place) => {
        const [low, high] = frameOf(window, place, ordered.length, starts);
        const rows = ordered.subarray(Math.max(0, low), Math.max(0, low, high));
        if (window.name === 'first-value' || window.name === 'last-value') {
          const row = window.name === 'first-value' ? rows[0] : rows[rows.length - 1];
          return row === undefined ? exact(null) : knownAt(window.args[0] as Expr, row, cursor);
        }
        work.steps(rows.length, window.span);
        return aggregated(window, rows, cursor, noisyRows);
      };
  }
}

function aggregated(window: Window, rows: Int32Array, cursor: Cursor, noisyRows: boolean): Known {
  const [arg] = window.args;
  const args = Array.from(
    rows,
    (row): Known => (arg === undefined ? { value: true, form: null } : knownAt(arg, row, cursor)),
  );
  const type = arg?.type ?? 'boolean';
  const unordered = { by: [], byType: 'null', order: [], orderIsNoisy: false, fraction: null } as const;
  return summarise(window.name, { type, args, ...unordered, noisyRows });
}

/** lag, lead: [x, offset literal, default]. */
function shifted(window: Window, ordered: Int32Array, place: number, cursor: Cursor): Known {
  const [arg, offset, otherwise] = window.args;
  invariant(arg !== undefined, 'lag and lead have an argument');
  const here = ordered[place] as number;
  const steps = offset === undefined ? 1n : at(offset, here, cursor);
  if (typeof steps !== 'bigint') return { value: null, form: null };
  const target = ordered[place + Number(window.name === 'lag' ? -steps : steps)];
  if (target !== undefined) return knownAt(arg, target, cursor);
  return otherwise === undefined ? { value: null, form: null } : knownAt(otherwise, here, cursor);
}

/** Per place: where its peers start and end, and the number of peer groups before. */
interface Peers {
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly group: Int32Array;
}

function peerStarts(ordered: Int32Array, keys: readonly KeyColumn[]): Peers {
  const { length } = ordered;
  const peers = { start: new Int32Array(length), end: new Int32Array(length), group: new Int32Array(length) };
  for (let place = 1; place < length; place++) {
    const same = compareRows(keys, ordered[place - 1] as number, ordered[place] as number) === 0;
    peers.start[place] = same ? (peers.start[place - 1] as number) : place;
    peers.group[place] = (peers.group[place - 1] as number) + (same ? 0 : 1);
  }
  for (let place = length - 1; place >= 0; place--) {
    const last = place === length - 1 || peers.group[place] !== peers.group[place + 1];
    peers.end[place] = last ? place + 1 : (peers.end[place + 1] as number);
  }
  return peers;
}

/** Places [low, high) of a row's frame. SQL's default: up to the row's last peer with ORDER BY, else the partition. */
function frameOf(window: Window, place: number, length: number, peers: Peers): readonly [number, number] {
  if (window.frame === null) return [0, window.order.length === 0 ? length : (peers.end[place] as number)];
  const { start, end } = window.frame;
  const low = start === null ? 0 : Math.max(0, place + start);
  const high = end === null ? length : Math.min(length, place + end + 1);
  return [low, high];
}
