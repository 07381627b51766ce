/** Sentences that come with an answer: what is left out, and what was probably a slip. From policy and question alone. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';
import { HALF } from './half.ts';

const POLICY = parsePolicy(NETWORK);

function notesOf(sql: string, text: string = NETWORK): readonly string[] {
  const policy = text === NETWORK ? POLICY : parsePolicy(text);
  return makePlan(ask(sql, policy), policy, HALF, sql).notes.filter(
    (note) => !note.includes('belong to nobody') && !note.startsWith('Of one person'),
  );
}

it('a limit of groups that may bite comes with what to do about it', () => {
  const sql = 'SELECT start_date, COUNT(*) FROM visit GROUP BY start_date';
  const noteOf = (groups: number | null): string | undefined => {
    const parameters = { ...HALF, contribution: { groups, rows: null } };
    return makePlan(ask(sql, POLICY), POLICY, parameters, sql).notes.find((note) => note.startsWith('Of one person'));
  };
  expect(noteOf(null)).toMatch(/at most 4 groups count.*narrower WHERE\.$/);
  expect(noteOf(2)).toMatch(/at most 2 groups count.*or raise groups \(the policy allows 4\)\.$/);
});

describe('rows that no group takes', () => {
  it.each([
    ['SELECT sex, COUNT(*) FROM person GROUP BY sex', "Rows whose sex is missing or none of 'F', 'M' are left out."],
    ['SELECT s, COUNT(*) FROM (SELECT sex AS s, person_id FROM person) GROUP BY s', 'Rows whose sex is missing'],
    ['SELECT sex, COUNT(*) FROM person WHERE sex IS NOT NULL GROUP BY sex', "Rows whose sex is none of 'F', 'M'"],
    [
      'SELECT birth_year, COUNT(*) FROM person GROUP BY birth_year',
      'birth_year is missing or outside its public range',
    ],
    ['SELECT year(start_date) AS y, COUNT(*) FROM visit GROUP BY y', 'Rows whose y is missing or outside'],
    ['SELECT month(start_date) AS m, COUNT(*) FROM visit GROUP BY m', 'Rows whose m is missing are left out.'],
    [
      'SELECT d, COUNT(*) FROM (SELECT year(start_date) AS d, person_id FROM visit) GROUP BY d',
      'd is missing or outside',
    ],
  ])('%s', (sql, note) => {
    expect(notesOf(sql).join('\n')).toContain(note);
  });

  it.each([
    // Private keys, branches, truth values and counts leave nobody out.
    'SELECT city, COUNT(*) FROM person GROUP BY city',
    "SELECT CASE WHEN birth_year > 1980 THEN 'young' ELSE 'old' END AS age, COUNT(*) FROM person GROUP BY age",
    "SELECT sex = 'F' AS female, COUNT(*) FROM person GROUP BY female",
    'SELECT least(n, 10) AS visits, COUNT(*) FROM (SELECT person_id, COUNT(*) AS n FROM visit GROUP BY person_id) GROUP BY visits',
    'SELECT c.name, COUNT(*) FROM lab l JOIN code_name c ON l.code = c.code GROUP BY c.name',
    'SELECT COUNT(*) FROM person',
  ])('none in %s', (sql) => expect(notesOf(sql)).toEqual([]));

  it('are not the missing ones where the policy lists NULL or knows of none', () => {
    const sql = 'SELECT sex, COUNT(*) FROM person GROUP BY sex';
    expect(notesOf(sql, NETWORK.replace('[F, M]', '[F, M, null]'))).toEqual([
      "Rows whose sex is none of 'F', 'M', NULL are left out.",
    ]);
    expect(notesOf(sql, NETWORK.replace('values: [F, M] }', 'values: [F, M], nullable: false }'))).toEqual([
      "Rows whose sex is none of 'F', 'M' are left out.",
    ]);
  });

  it('are counted, not named, where the list is long', () => {
    const list = Array.from({ length: 20 }, (_, index) => `v${index}`).join(', ');
    expect(notesOf('SELECT sex, COUNT(*) FROM person GROUP BY sex', NETWORK.replace('[F, M]', `[${list}]`))).toEqual([
      'Rows whose sex is missing or none of its 20 listed values are left out.',
    ]);
  });
});

describe('values that the policy does not list', () => {
  const LISTED = "The policy lists 'F', 'M' for sex, and not";
  it.each([
    ["SELECT COUNT(*) FROM person WHERE sex = 'X'", `${LISTED} 'X'.`],
    ["SELECT COUNT(*) FROM person WHERE 'f' = sex", `${LISTED} 'f'. Did you mean 'F'?`],
    ["SELECT COUNT(*) FROM person WHERE sex NOT IN ('F', 'X')", `${LISTED} 'X'.`],
    ["SELECT COUNT(*) FILTER (WHERE sex = 'X') FROM person", `${LISTED} 'X'.`],
    ["SELECT SUM(CASE sex WHEN 'X' THEN 1 ELSE 0 END) FROM person", `${LISTED} 'X'.`],
    ["SELECT COUNT(*) FROM (SELECT sex AS s, person_id FROM person) WHERE s = 'X'", `${LISTED} 'X'.`],
    ["SELECT COUNT(*) FROM visit WHERE ward = 'medicin'", "and not 'medicin'. Did you mean 'medicine'?"],
    ["SELECT COUNT(*) FROM visit WHERE person_id IN (SELECT person_id FROM person WHERE sex = 'X')", `${LISTED} 'X'.`],
  ])('%s', (sql, note) => {
    expect(notesOf(sql).join('\n')).toContain(note);
  });

  it.each([
    "SELECT COUNT(*) FROM person WHERE sex = 'F'",
    "SELECT COUNT(*) FROM person WHERE city = 'X'",
    "SELECT COUNT(*) FROM person WHERE sex IN ('F', 'M') AND birth_year = 1850",
    "SELECT COUNT(*) FROM person WHERE lower(sex) = 'f'",
  ])('none in %s', (sql) => expect(notesOf(sql)).toEqual([]));

  it('are said before how the answer is put together, five at most', () => {
    const list = Array.from({ length: 9 }, (_, index) => `'x${index}'`).join(', ');
    expect(notesOf(`SELECT COUNT(*) FROM person WHERE sex IN (${list})`)).toHaveLength(5);
  });
});
