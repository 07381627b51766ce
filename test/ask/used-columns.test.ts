import { describe, expect, it } from 'vitest';
import { builder, count, sum } from '../../src/ask/builder.ts';
import { ask, type Question, textOf } from '../../src/ask/index.ts';
import { usedColumns } from '../../src/ask/used-columns.ts';
import { NETWORK_POLICY } from './builder-policy.ts';

/** Columns with the text at the place of their first use. */
function used(question: Question): readonly string[] {
  const text = textOf(question);
  return usedColumns(ask(question, NETWORK_POLICY)).map(
    ({ dataset, table, column, span }) => `${dataset}.${table}.${column} <${text.slice(span.start, span.end)}>`,
  );
}

describe('columns that a question uses', () => {
  it.each<readonly [string, readonly string[]]>([
    ['SELECT COUNT(*) FROM visit', []],
    ['SELECT ward, COUNT(*) FROM visit GROUP BY ward', ['network.visit.ward <ward>']],
    [
      "SELECT SUM(cost) FROM visit AS v WHERE v.ward = 'icu'",
      ['network.visit.cost <cost>', 'network.visit.ward <v.ward>'],
    ],
    ['SELECT COUNT(*) FROM visit ORDER BY COUNT(cost)', ['network.visit.cost <cost>']],
    [
      'SELECT COUNT(*) AS n FROM visit GROUP BY ward HAVING COUNT(cost) > 3',
      ['network.visit.ward <ward>', 'network.visit.cost <cost>'],
    ],
    ["SELECT COUNT(*) FILTER (WHERE sex = 'F') FROM person", ['network.person.sex <sex>']],
    ['SELECT COUNT(DISTINCT person_id) FROM visit', ['network.visit.person_id <person_id>']],
    [
      'SELECT COUNT(*) FROM visit JOIN person USING (person_id)',
      ['network.visit.person_id <person_id>', 'network.person.person_id <person_id>'],
    ],
    [
      "SELECT COUNT(*) FROM visit v JOIN person p ON v.person_id = p.person_id AND p.sex = 'F'",
      ['network.visit.person_id <v.person_id>', 'network.person.person_id <p.person_id>', 'network.person.sex <p.sex>'],
    ],
    [
      "SELECT COUNT(*) FROM person p WHERE EXISTS (SELECT cost FROM visit v WHERE v.person_id = p.person_id AND ward = 'icu')",
      ['network.visit.person_id <v.person_id>', 'network.person.person_id <p.person_id>', 'network.visit.ward <ward>'],
    ],
    [
      'SELECT COUNT(*) FROM person WHERE person_id IN (SELECT person_id FROM visit)',
      ['network.person.person_id <person_id>', 'network.visit.person_id <person_id>'],
    ],
    [
      'SELECT AVG(last) FROM (SELECT person_id, arg_max(cost, start_date) AS last FROM visit GROUP BY person_id) AS u',
      ['network.visit.cost <cost>', 'network.visit.start_date <start_date>', 'network.visit.person_id <person_id>'],
    ],
    [
      'WITH v AS (SELECT person_id, ward, row_number() OVER (PARTITION BY person_id ORDER BY start_date) AS nr FROM visit) SELECT COUNT(*) FROM v WHERE nr = 1',
      ['network.visit.person_id <person_id>', 'network.visit.start_date <start_date>'],
    ],
    [
      'SELECT c.name, COUNT(*) FROM lab JOIN code_name c USING (code) GROUP BY c.name',
      ['network.code_name.name <c.name>', 'network.lab.code <code>', 'network.code_name.code <code>'],
    ],
  ])('%s', (question, expected) => {
    const found = used(question);
    expect([...found].sort()).toEqual([...expected].sort());
  });

  it('leaves out what a subquery lists and nothing takes', () => {
    expect(used('SELECT COUNT(*) FROM (SELECT * FROM visit) AS v')).toEqual([]);
    expect(used('SELECT COUNT(ward) FROM (SELECT * FROM visit) AS v')).toEqual(['network.visit.ward <*>']);
    expect(
      used('SELECT COUNT(*) FROM (SELECT ward, cost FROM visit UNION ALL SELECT ward, cost FROM visit) AS v'),
    ).toEqual([]);
  });

  it('keeps what is aggregated, shown or not', () => {
    const sum = ['network.visit.cost <cost>'];
    expect(used('SELECT n FROM (SELECT COUNT(*) AS n, SUM(cost) AS s FROM visit) AS t')).toEqual(sum);
    expect(used('SELECT n FROM (SELECT COUNT(*) AS n, (SELECT SUM(cost) FROM visit) AS s FROM visit) AS t')).toEqual(
      sum,
    );
  });

  it('keeps what decides which rows there are', () => {
    expect(used('SELECT COUNT(*) FROM (SELECT DISTINCT ward, cost FROM visit) AS v')).toEqual([
      'network.visit.ward <ward>',
      'network.visit.cost <cost>',
    ]);
    expect(used('SELECT COUNT(*) FROM (SELECT ward FROM visit INTERSECT SELECT sex FROM person) AS v')).toEqual([
      'network.visit.ward <ward>',
      'network.person.sex <sex>',
    ]);
    expect(used('SELECT COUNT(*) FROM (SELECT ward FROM visit GROUP BY ward, cost) AS v')).toEqual([
      'network.visit.ward <ward>',
      'network.visit.cost <cost>',
    ]);
    expect(used('SELECT COUNT(*) FROM (SELECT ward FROM visit ORDER BY cost LIMIT 3) AS v')).toContain(
      'network.visit.cost <cost>',
    );
  });

  it('knows the questions of the builder', () => {
    const question = builder(NETWORK_POLICY)
      .from('visit')
      .where((v) => (v as never as { ward: { eq(x: string): never } }).ward.eq('icu'))
      .select((v) => ({ n: count(), s: sum((v as never as { cost: never }).cost) }));
    expect(used(question as Question).map((one) => one.split(' ')[0])).toEqual(
      expect.arrayContaining(['network.visit.cost', 'network.visit.ward']),
    );
  });
});
