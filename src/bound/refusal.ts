/** Words of the refusals that lowering shares. */
import type { Join, SetOperation } from '../ask/ir.ts';
import { type Span, SpannedError } from '../errors.ts';
import type { Kind } from './walk.ts';

export function mixedJoin(relation: Join): SpannedError {
  return new SpannedError('BOUND_UNSTABLE_JOIN', relation.span, {
    message: 'Rows of single persons cannot be joined to an answer over many persons inside one question.',
    next: 'Group by the unit inside (then it is about one person), or ask the inner question first and write its numbers as constants.',
  });
}

export function strangersInSubquery(span: Span, rows: Kind): SpannedError {
  if (rows === 'released') {
    return new SpannedError('QUERY_UNSUPPORTED', span, {
      message: 'A noisy answer cannot be filtered by the rows of single persons.',
      next: 'Move the condition into the WHERE of the question below, where it is about one person.',
    });
  }
  return new SpannedError('BOUND_UNSTABLE_JOIN', span, {
    message: 'Whether a public row stays would depend on the rows of all persons.',
    next: 'Start from the protected table and join the public one to it: FROM protected JOIN public ON ….',
  });
}

export function nullableUnitKey(span: Span, unit: string): SpannedError {
  return new SpannedError('BOUND_NO_PRIVACY_UNIT', span, {
    message: `This ${unit} comes from the far side of an outer join and can be NULL, which would put many persons into one group.`,
    next: `Group by the ${unit} of the table before LEFT JOIN; after FULL JOIN by coalesce(a.${unit}, b.${unit}).`,
  });
}

export function personlessUnion(relation: SetOperation): SpannedError {
  return new SpannedError('BOUND_NO_PRIVACY_UNIT', relation.span, {
    message: 'One side of this set operation holds rows of persons, the other rows that belong to nobody.',
    next: 'Join the public rows to the protected ones instead: FROM protected JOIN public ON ….',
  });
}

export function unalignedSet(relation: SetOperation, unit: string): SpannedError {
  const word = relation.operation.toUpperCase();
  const keepAll = relation.operation === 'union' ? ', or write UNION ALL if duplicates may stay' : '';
  return new SpannedError('BOUND_NO_PRIVACY_UNIT', relation.span, {
    message: `${word} compares rows of different persons unless both sides put out the unit at the same position.`,
    next: `Put ${unit} first on both sides: SELECT ${unit}, … ${word} SELECT ${unit}, …${keepAll}.`,
  });
}

export function orderAcross(span: Span, unit: string): SpannedError {
  return new SpannedError('QUERY_UNSUPPORTED', span, {
    message: 'LIMIT over rows of persons would let each person decide which rows of the others stay.',
    next: `Number the rows inside each person and filter: row_number() OVER (PARTITION BY ${unit} ORDER BY …) AS n … WHERE n <= 10. Limit the answer, not its rows.`,
  });
}

export function windowAcross(span: Span, unit: string, name: string): SpannedError {
  return new SpannedError('QUERY_UNSUPPORTED', span, {
    message: `The window of ${name.replaceAll('-', '_')} runs over rows of several persons.`,
    next: `Keep it inside one person: OVER (PARTITION BY ${unit}, …).`,
  });
}

export function uncorrelated(span: Span, unit: string, inner: string, outer: string): SpannedError {
  return new SpannedError('BOUND_UNSTABLE_JOIN', span, {
    message: 'This subquery reads rows of other persons than the one at hand.',
    next: `Tie it to the person: add WHERE ${inner}.${unit} = ${outer}.${unit} inside it, or write ${outer}.${unit} IN (SELECT ${unit} FROM …).`,
  });
}

export function unstableJoin(span: Span, condition: string, isCross: boolean): SpannedError {
  return new SpannedError('BOUND_UNSTABLE_JOIN', span, {
    message: 'This join puts rows of different persons side by side.',
    next: isCross ? `Write JOIN … ON ${condition}.` : `Add to the condition: AND ${condition}.`,
  });
}

export function outerJoinToPublic(relation: Join): SpannedError {
  return new SpannedError('BOUND_UNSTABLE_JOIN', relation.span, {
    message: 'In a full join with a public table, rows that no person matched belong to nobody.',
    next: 'Write LEFT JOIN from the protected table to the public one, or JOIN.',
  });
}

export function releasedInside(span: Span): SpannedError {
  return new SpannedError('QUERY_UNSUPPORTED', span, {
    message: 'Rows of persons cannot be chosen by an answer over many persons inside one question.',
    next: 'Group by the unit inside the subquery, so that it is about one person; or ask it first and write its answer as constants.',
  });
}
