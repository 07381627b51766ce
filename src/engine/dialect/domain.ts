/** Rows whose key lies outside its public domain are dropped before anything is counted. */
import type { SqlType, Value } from '../../ask/types.ts';
import type { BoundedKey, Domain } from '../../bound/bounded.ts';
import { invariant } from '../../errors.ts';
import type { PrintContext } from './context.ts';
import { printLiteral } from './literal.ts';
import { canonical, type Printed, storedAs } from './printed.ts';
import { comparable } from './scalar/logic.ts';

/** Condition that the key has one of its public values. */
export function insideDomain(value: Printed, key: BoundedKey, domain: Domain, context: PrintContext): string {
  switch (domain.kind) {
    case 'list': {
      const constants = domain.values.filter((constant) => constant !== null);
      const long = longList(value, constants, key);
      const literals =
        long === null
          ? constants.map((constant) => comparable(value, printLiteral(constant, key.type, context.texts))[1].sql)
          : [long];
      const inside = literals.length === 0 ? 'FALSE' : `${value.sql} IN (${literals.join(', ')})`;
      return constants.length < domain.values.length ? `(${inside} OR ${value.sql} IS NULL)` : inside;
    }
    case 'span': {
      const [low, high] = [domain.low, domain.high].map((end) => {
        const constant = key.type === 'date' ? Number(end) : end;
        return printLiteral(constant, key.type, context.texts).sql;
      });
      return `${value.sql} BETWEEN ${low} AND ${high}`;
    }
    case 'relation':
      return `${value.sql} IN (${domainValues(domain, context, value)})`;
  }
}

/** Constants that a statement spells out one by one; more of them take seconds to parse. */
const SPELLED_MAX = 256;

/** Many whole numbers, days or moments as one text that the engine splits; null where they are few or of another type. */
function longList(value: Printed, constants: readonly Value[], key: BoundedKey): string | null {
  if (constants.length <= SPELLED_MAX || value.stored !== storedAs(key.type)) return null;
  const digits = '"v"';
  const read: Readonly<Partial<Record<SqlType, string>>> = {
    integer: `CAST(${digits} AS BIGINT)`,
    date: `(DATE '1970-01-01' + CAST(${digits} AS INTEGER))`,
    timestamp: `make_timestamp(CAST(${digits} AS BIGINT))`,
  };
  const item = read[key.type];
  if (item === undefined) return null;
  const text = constants.join(',');
  invariant(/^[-\d,]*$/.test(text), 'whole numbers are digits');
  return `SELECT ${item} FROM (SELECT unnest(string_split('${text}', ',')) AS ${digits})`;
}

/** SELECT of the values a public relation's one column holds; NULL is never among a domain. */
export function domainValues(
  domain: Extract<Domain, { kind: 'relation' }>,
  context: PrintContext,
  against: Printed | null,
): string {
  const [column] = domain.relation.columns;
  invariant(column !== undefined && domain.relation.columns.length === 1, 'a domain is one column');
  const rows = context.printRelation(domain.relation, context);
  const value = canonical(context.column(column.id));
  const sql = against === null ? value.sql : comparable(against, value)[1].sql;
  return `SELECT ${sql} FROM (${rows}) AS ${context.alias()}`;
}
