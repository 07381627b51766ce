/** Comparison, three-valued logic, NULL handling, and the extremes of a list. */
import type { Call } from '../../../ask/ir.ts';
import { convert, storeAs } from '../convert.ts';
import { clean, constantOf, naming, type Printed, printed } from '../printed.ts';

/** Both sides clean and of one storage. */
export function comparable(x: Printed, y: Printed): readonly [Printed, Printed] {
  const [a, b] = [clean(x), clean(y)];
  if (a.stored === b.stored) return [a, b];
  if (a.type === 'null') return [storeAs(a, b.stored), b];
  if (b.type === 'null') return [a, storeAs(b, a.stored)];
  const stored = new Set([a.stored, b.stored]);
  if (stored.has('BIGINT') && stored.has('DOUBLE')) return [convert(a, 'double'), convert(b, 'double')];
  if (stored.has('DATE') && stored.has('TIMESTAMP')) return [convert(a, 'timestamp'), convert(b, 'timestamp')];
  // Keys of one data set can be stored as numbers in one table and as text in another.
  return [storeAs(a, 'VARCHAR'), storeAs(b, 'VARCHAR')];
}

/** `a <operator> b`. */
export function comparison(operator: string): (args: readonly Printed[]) => Printed {
  return (args) => {
    const [a, b] = comparable(...(args as [Printed, Printed]));
    return printed(`(${a.sql} ${operator} ${b.sql})`, 'boolean');
  };
}

/** AND, OR over any number of operands. */
export function connective(operator: 'AND' | 'OR'): (args: readonly Printed[]) => Printed {
  return (args) => {
    if (args.length === 0) return printed(operator === 'AND' ? 'TRUE' : 'FALSE', 'boolean');
    return printed(`(${args.map((arg) => asBoolean(arg).sql).join(` ${operator} `)})`, 'boolean');
  };
}

export function not(args: readonly Printed[]): Printed {
  return printed(`(NOT ${asBoolean((args as [Printed])[0]).sql})`, 'boolean');
}

export function isNull(args: readonly Printed[]): Printed {
  return printed(`(${clean((args as [Printed])[0]).sql} IS NULL)`, 'boolean');
}

export function isNotNull(args: readonly Printed[]): Printed {
  return printed(`(${clean((args as [Printed])[0]).sql} IS NOT NULL)`, 'boolean');
}

export function coalesce(args: readonly Printed[], call: Call): Printed {
  const values = alike(args, call);
  return joined(`coalesce(${values.map((value) => value.sql).join(', ')})`, values);
}

export function nullif(args: readonly Printed[], call: Call): Printed {
  const [x, y] = args as [Printed, Printed];
  const value = clean(convert(x, call.type));
  const [a, b] = comparable(x, y);
  if (a.sql === value.sql) {
    const sql = naming([a.sql, b.sql], (p, q) => `(CASE WHEN ${p} = ${q} THEN NULL ELSE ${p} END)`);
    return { ...value, sql };
  }
  const sql = naming([value.sql, a.sql, b.sql], (v, p, q) => `(CASE WHEN ${p} = ${q} THEN NULL ELSE ${v} END)`);
  return { ...value, sql };
}

/** Longest operands that are written out in a CASE; DuckDB's own function is slow in wasm. */
const WRITTEN_OUT_MAX = 80;

/** greatest, least: NULLs are passed over; NULL only if all are. */
export function extreme(name: 'greatest' | 'least'): (args: readonly Printed[], call: Call) => Printed {
  return (args, call) => {
    const values = alike(args, call);
    return values.reduce((a, b) => {
      const sql =
        a.sql.length > WRITTEN_OUT_MAX || b.sql.length > WRITTEN_OUT_MAX
          ? `${name}(${a.sql}, ${b.sql})`
          : writtenOut(name, a, b);
      return { ...joined(sql, [a, b]), ...extremeRange(name, a, b) };
    });
  };
}

function writtenOut(name: 'greatest' | 'least', a: Printed, b: Printed): string {
  const operator = name === 'least' ? '<=' : '>=';
  return `(CASE WHEN ${a.sql} ${operator} ${b.sql} OR ${b.sql} IS NULL THEN ${a.sql} ELSE ${b.sql} END)`;
}

/** Range of the extreme, NULLs passed over: a bound of one side holds only where that side is not NULL. */
function extremeRange(name: 'greatest' | 'least', a: Printed, b: Printed): { low: bigint; high: bigint } {
  const [low, high] = [a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high];
  // A constant is never NULL, so the extreme cannot lie beyond it.
  const constants = [a, b].map(constantOf).filter((constant) => constant !== null);
  return constants.reduce(
    (range, constant) =>
      name === 'least'
        ? { low: range.low, high: range.high < constant ? range.high : constant }
        : { low: range.low > constant ? range.low : constant, high: range.high },
    { low, high },
  );
}

/** Values of one expression, clean and in the type the tree declares. */
export function alike(args: readonly Printed[], call: { readonly type: Call['type'] }): readonly Printed[] {
  const values = args.map((arg) => clean(call.type === 'key' ? arg : convert(arg, call.type)));
  const mixed = new Set(values.map((value) => value.stored)).size > 1;
  return mixed ? values.map((value) => storeAs(value, 'VARCHAR')) : values;
}

/** A value that is one of several. */
export function joined(sql: string, values: readonly Printed[]): Printed {
  const [first] = values as [Printed];
  return {
    ...first,
    sql,
    low: values.reduce((low, value) => (value.low < low ? value.low : low), first.low),
    high: values.reduce((high, value) => (value.high > high ? value.high : high), first.high),
    nan: values.some((value) => value.nan),
    infinite: values.some((value) => value.infinite),
    wild: values.some((value) => value.wild),
  };
}

function asBoolean(value: Printed): Printed {
  return value.stored === 'BOOLEAN' ? value : convert(value, 'boolean');
}
