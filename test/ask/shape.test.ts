import { describe, expect, it } from 'vitest';
import { builder, count } from '../../src/ask/builder.ts';
import { textOf } from '../../src/ask/index.ts';
import { shapeOf } from '../../src/ask/shape.ts';
import { NETWORK_POLICY } from './builder-policy.ts';

describe('the shape of a question', () => {
  it.each([
    [
      'SELECT ward, COUNT(*) FROM visit WHERE cost > 1.5e3 GROUP BY ward',
      'SELECT ward, COUNT(*) FROM visit WHERE cost > ? GROUP BY ward',
    ],
    [
      "SELECT COUNT(*)\n\tFROM  visit -- of Ms Okafor\n WHERE start_date = DATE '1961-02-03' /* her day */",
      'SELECT COUNT(*) FROM visit WHERE start_date = DATE ?',
    ],
    [
      "SELECT COUNT(*) FROM visit WHERE ward IN ($1, ?, $ward, 'i''cu')",
      'SELECT COUNT(*) FROM visit WHERE ward IN (?, ?, ?, ?)',
    ],
    [
      'SELECT COUNT(*) AS okafor FROM visit AS v WHERE v.ward = okafor',
      'SELECT COUNT(*) AS name1 FROM visit AS name2 WHERE name2.ward = name1',
    ],
    [
      'SELECT COUNT(*) FROM visit WHERE ward = "Ms Okafor" AND "ward" = "WARD"',
      'SELECT COUNT(*) FROM visit WHERE ward = name1 AND "ward" = "WARD"',
    ],
    ['SELECT COUNT(*) FROM visit WHERE ward = Okafor', 'SELECT COUNT(*) FROM visit WHERE ward = name1'],
    ["SELECT COUNT(*) FROM visit WHERE 'Okafor", '(unreadable)'],
    [
      "SELECT age_in_years(start_date, DATE '2020-01-01') FROM network.visit",
      'SELECT age_in_years(start_date, DATE ?) FROM network.visit',
    ],
    ['', ''],
  ])('%s', (question, expected) => {
    expect(shapeOf(question, NETWORK_POLICY)).toBe(expected);
  });

  it('is the same for questions that differ in constants, comments and white space', () => {
    const shape = shapeOf("SELECT COUNT(*) FROM visit WHERE ward='icu'", NETWORK_POLICY);
    expect(shapeOf("SELECT COUNT(*)  FROM visit\nWHERE ward='surgery' -- again", NETWORK_POLICY)).toBe(shape);
  });

  it('holds no value of a question of the builder', () => {
    const question = builder(NETWORK_POLICY)
      .from('visit')
      .where((v) => (v as never as { ward: { eq(x: string): never } }).ward.eq('Ms Okafor'))
      .select(() => ({ okafor: count() }));
    const shape = shapeOf(textOf(question as never), NETWORK_POLICY);
    expect(shape).toContain('?');
    expect(shape).not.toMatch(/okafor/i);
  });

  it('has an end, however long the question', () => {
    const list = Array.from({ length: 5000 }, (_, i) => i).join(', ');
    const shape = shapeOf(`SELECT COUNT(*) FROM visit WHERE cost IN (${list})`, NETWORK_POLICY);
    expect(shape.length).toBe(4000);
    expect(shape.endsWith('…')).toBe(true);
  });
});
