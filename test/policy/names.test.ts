import { describe, expect, test } from 'vitest';
import { findTable, parsePolicy } from '../../src/policy/index.ts';
import { nearest } from '../../src/policy/nearest.ts';
import { NETWORK } from './network.ts';

const TWO = parsePolicy(`
gauze: 1
datasets:
  north:
    source: n.duckdb
    unit: person.person_id
    contribution: { groups: 1, rows: 1 }
    tables:
      person: { unit: person_id }
      Visit: { unit: person_id }
  south:
    source: s.duckdb
    unit: person.person_id
    contribution: { groups: 1, rows: 1 }
    tables:
      person: { unit: person_id }
      lab: { unit: person_id }
`);

describe('a table', () => {
  test('is named alone where that is unambiguous, whatever the case', () => {
    const match = findTable(TWO, 'VISIT');
    expect(match).toMatchObject({ kind: 'found', dataset: { name: 'north' }, table: { name: 'Visit' } });
    expect(findTable(parsePolicy(NETWORK), 'person')).toMatchObject({ kind: 'found', dataset: { name: 'network' } });
  });

  test('is ambiguous where two data sets list it', () => {
    expect(findTable(TWO, 'person')).toEqual({ kind: 'ambiguous', candidates: ['north.person', 'south.person'] });
    expect(findTable(TWO, 'Person', 'SOUTH')).toMatchObject({ kind: 'found', dataset: { name: 'south' } });
  });

  test('is unknown otherwise, with the nearest name', () => {
    expect(findTable(TWO, 'visits')).toEqual({ kind: 'unknown', meant: 'Visit' });
    expect(findTable(TWO, 'visit', 'south')).toEqual({ kind: 'unknown', meant: null });
    expect(findTable(TWO, 'labb', 'south')).toEqual({ kind: 'unknown', meant: 'south.lab' });
    expect(findTable(TWO, 'person', 'nort')).toEqual({ kind: 'unknown', meant: 'north.person' });
    expect(findTable(TWO, 'anything')).toEqual({ kind: 'unknown', meant: null });
  });
});

test('letters outside ASCII keep their case, as in DuckDB', () => {
  const policy = parsePolicy(
    'gauze: 1\ndatasets: { d: { source: a.duckdb, unit: É.p, contribution: { groups: 1, rows: 1 }, tables: { É: { unit: p }, é: { unit: p } } } }',
  );
  expect(findTable(policy, 'É')).toMatchObject({ kind: 'found', table: { name: 'É' } });
  expect(findTable(policy, 'é')).toMatchObject({ kind: 'found', table: { name: 'é' } });
});

test('the nearest name is near', () => {
  expect(nearest('persn', ['visit', 'person'])).toBe('person');
  expect(nearest('peronsid', ['person_id'])).toBe('person_id');
  expect(nearest('tpye', ['type', 'values'])).toBe('type');
  expect(nearest('x', ['type', 'values'])).toBeNull();
  expect(nearest('a'.repeat(10_000), ['b'.repeat(10_000)])).toBeNull();
});
