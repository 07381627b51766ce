/** Every rule fires on what it is for, once, and stays silent otherwise. */
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/index.ts';
import { DAY, History, HOUR, MINUTE, rules, timeOf } from './history.ts';

const count = (condition: string): string => `SELECT COUNT(*) FROM person WHERE ${condition}`;
const years = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe('near duplicates', () => {
  it('notice a differencing attack with shifting constants within ten questions, and tell it once', async () => {
    const history = await History.begin();
    for (const [index, year] of years(1940, 1965).entries()) {
      await history.ask({ at: index * MINUTE, sql: count(`birth_year < ${year}`) });
      expect(history.found).toEqual(index < 9 ? [] : ['nearDuplicates']);
    }
    expect(history.alerts[0]).toMatchObject({
      severity: 'warning',
      dataset: 'network',
      principal: 'dr-lee',
      fields: { questions: 10, hours: 24, question: 'select count ( * ) from person where birth_year < ?' },
    });
  });

  it('see through ways of writing', async () => {
    const history = await History.begin();
    const written = [
      (day: string) => `SELECT COUNT(*) FROM person WHERE arrived >= '${day}'`,
      (day: string) => `select count(*)   from person where person.arrived<'${day}' -- ${day}`,
      (day: string) => `SELECT COUNT( * ) FROM "person" WHERE "person"."arrived" > '${day}';`,
    ];
    for (let day = 10; day < 20; day++) {
      await history.ask({ at: day * MINUTE, sql: written[day % 3]!(`2025-01-${day}`) });
    }
    expect(history.found).toEqual(['nearDuplicates']);
    const lists = await History.begin();
    for (let day = 10; day < 20; day++) {
      const some = years(1940, 1940 + (day % 4) + 1).map((year) => (day % 2 === 0 ? year : -year));
      await lists.ask({ at: day * MINUTE, sql: count(`birth_year IN (${some.join(', ')})`) });
    }
    expect(lists.found).toEqual(['nearDuplicates']);
  });

  it('count questions of a batch, and of several principals of one data set together', async () => {
    const batch = await History.begin();
    await batch.batch(
      0,
      years(1940, 1950).map((year) => count(`birth_year < ${year}`)),
    );
    expect(batch.found).toEqual(['nearDuplicates']);
    const shared = await History.begin(rules('watch: { nearDuplicates: { questions: 6 } }'));
    for (const [index, year] of years(1940, 1952).entries()) {
      const who = index % 3 === 0 ? 'ms-park' : 'dr-lee';
      if (index % 3 < 2) await shared.ask({ at: index * MINUTE, sql: count(`birth_year < ${year}`), who });
    }
    for (const [index, year] of years(1960, 1970).entries()) {
      const who = index % 2 === 0 ? 'ms-park' : 'dr-lee';
      await shared.ask({ at: DAY / 2 + index * MINUTE, sql: count(`birth_year < ${year}`), who });
    }
    expect(shared.alerts.map(({ principal, fields }) => [principal, fields.principals])).toEqual([
      ['ms-park', 1],
      ['dr-lee', 1],
      [null, 2],
    ]);
  });

  it('begin anew after the window, and not before', async () => {
    const history = await History.begin();
    const ten = async (from: number): Promise<void> => {
      for (let index = 0; index < 10; index++) {
        await history.ask({ at: from + index * MINUTE, sql: count(`birth_year < ${1940 + index}`) });
      }
    };
    await ten(0);
    await ten(3 * HOUR);
    expect(history.found).toEqual(['nearDuplicates']);
    await ten(3 * DAY);
    expect(history.found).toEqual(['nearDuplicates', 'nearDuplicates']);
  });

  it('are silent about different questions, however many', async () => {
    const history = await History.begin();
    const outputs = ['COUNT(*)', 'AVG(birth_year)', 'SUM(birth_year)', 'MIN(birth_year)'];
    const conditions = ["sex = 'F'", 'birth_year > 1950', "site = 'north'", "site = 'north' AND sex = 'F'"];
    for (const [index, output] of outputs.entries()) {
      for (const [at, condition] of conditions.entries()) {
        await history.ask({ at: (index * 4 + at) * MINUTE, sql: `SELECT ${output} FROM person WHERE ${condition}` });
      }
    }
    expect(history.found).toEqual([]);
  });
});

describe('narrowing', () => {
  const conditions = [
    "sex = 'F'",
    'birth_year > 1950',
    "site = 'north'",
    "arrived > '2025-01-01'",
    "arrived < '2025-02-01'",
    'birth_year <> 1960',
  ];
  const steps = conditions.map((_, index) => count(conditions.slice(0, index + 1).join(' AND ')));

  it('is noticed at the fifth step, whatever is asked in between and however it is written', async () => {
    const history = await History.begin();
    for (const [index, sql] of steps.entries()) {
      await history.ask({ at: index * HOUR, sql });
      await history.ask({
        at: index * HOUR,
        sql: `SELECT AVG(birth_year) FROM person WHERE birth_year > ${1900 + index}`,
      });
      expect(history.found).toEqual(index < 5 ? [] : ['narrowing']);
    }
    expect(history.alerts[0]).toMatchObject({ principal: 'dr-lee', fields: { steps: 5 } });
    const other = await History.begin();
    for (const index of conditions.keys()) {
      const shuffled = conditions
        .slice(0, index + 1)
        .reverse()
        .map((one) => `(${one})`);
      await other.ask({ at: index * HOUR, sql: count(`(${shuffled.join(' and ')})`) });
    }
    expect(other.found).toEqual(['narrowing']);
  });

  it('is seen in common tables and in ON, and begins at a question without a condition', async () => {
    const inside = await History.begin();
    for (const index of conditions.keys()) {
      const where = index === 0 ? '' : ` WHERE ${conditions.slice(0, index).join(' AND ')}`;
      await inside.ask({ at: index * MINUTE, sql: `WITH c AS (SELECT * FROM person${where}) SELECT COUNT(*) FROM c` });
    }
    expect(inside.found).toEqual(['narrowing']);
    const joined = await History.begin();
    for (const index of conditions.keys()) {
      const on = ['a.person_id = b.person_id', ...conditions.slice(0, index)].join(' AND ');
      await joined.ask({ at: index * MINUTE, sql: `SELECT COUNT(*) FROM person a JOIN person b ON ${on}` });
    }
    expect(joined.found).toEqual(['narrowing']);
  });

  it('is not a condition that changes, widens or stays, nor another output or another principal', async () => {
    const history = await History.begin();
    for (const [index, one] of conditions.entries()) await history.ask({ at: index * MINUTE, sql: count(one) });
    for (const index of conditions.keys()) {
      const sql = count(conditions.slice(0, index + 1).join(' OR '));
      await history.ask({ at: index * MINUTE, sql });
    }
    for (const [index, sql] of steps.toReversed().entries()) await history.ask({ at: HOUR + index * MINUTE, sql });
    for (const [index, sql] of steps.entries()) {
      await history.ask({
        at: 2 * DAY + index * MINUTE,
        sql: sql.replace('COUNT(*)', `SUM(birth_year + birth_year${' + 1'.repeat(index)})`),
      });
    }
    for (const [index, sql] of steps.entries()) {
      await history.ask({ at: 4 * DAY + index * MINUTE, sql, who: index % 2 === 0 ? 'dr-lee' : 'ms-park' });
    }
    for (const [index] of steps.entries()) {
      const sql = count(`birth_year = 1950 OR ${conditions.slice(0, index + 1).join(' AND ')}`);
      await history.ask({ at: 6 * DAY + index * MINUTE, sql });
    }
    expect(history.found.filter((rule) => rule === 'narrowing')).toEqual([]);
  });
});

describe('refusals', () => {
  it('are told as a burst, once until it is over', async () => {
    const history = await History.begin();
    for (let index = 0; index < 40; index++) await history.refuse(index * MINUTE);
    expect(history.found).toEqual(['refusals']);
    expect(history.alerts[0]?.message).toBe('dr-lee was refused 10 times within 15 minutes: BUDGET_EXHAUSTED.');
    for (let index = 0; index < 10; index++) await history.refuse(2 * HOUR + index * MINUTE);
    expect(history.found).toEqual(['refusals', 'refusals']);
  });

  it('at what is closed are told sooner', async () => {
    const history = await History.begin();
    const codes = ['POLICY_COLUMN', 'POLICY_SENSITIVE', 'POLICY_PURPOSE', 'POLICY_COLUMN', 'POLICY_COLUMN'];
    for (const [index, code] of codes.entries()) await history.refuse(index * MINUTE, code);
    expect(history.alerts.map(({ rule, severity }) => [rule, severity])).toEqual([['closedColumns', 'critical']]);
    expect(history.alerts[0]?.fields.codes).toBe('POLICY_COLUMN POLICY_PURPOSE POLICY_SENSITIVE');
  });

  it('of several, or over hours, are none', async () => {
    const history = await History.begin();
    for (let index = 0; index < 18; index++) {
      await history.refuse(index * MINUTE, 'BOUND_MISSING', index % 2 === 0 ? 'dr-lee' : 'ms-park');
    }
    for (let index = 0; index < 30; index++) await history.refuse(DAY + index * HOUR, 'POLICY_COLUMN');
    expect(history.found).toEqual([]);
  });
});

describe('burn rate', () => {
  it('tells when half of a limit goes within a day, once a day', async () => {
    const history = await History.begin();
    await history.ask({ at: 0, sql: count("sex = 'F'"), epsilon: 9 });
    expect(history.found).toEqual([]);
    await history.ask({ at: HOUR, sql: count("sex = 'M'"), epsilon: 1 });
    await history.ask({ at: 2 * HOUR, sql: count("site = 'north'"), epsilon: 1 });
    expect(history.alerts.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', '50 % of the budget of dr-lee on network went within one day.'],
    ]);
  });

  it('tells once of a budget that ends within two days at its pace', async () => {
    const history = await History.begin();
    for (let day = 0; day < 12; day++) await history.ask({ at: day * DAY, sql: count("sex = 'F'"), epsilon: 1.6 });
    expect(history.alerts.map(({ severity, principal }) => [severity, principal])).toEqual([['notice', 'dr-lee']]);
    expect(history.alerts[0]?.time).toBe(timeOf(10 * DAY));
    expect(history.alerts[0]?.fields).toEqual({ days: 1.5, paceDays: 7 });
  });

  it('is silent where the budget starts anew before it ends', async () => {
    const history = await History.begin(rules('watch: { burnRate: { days: 5 } }'));
    for (let day = 20; day < 30; day++) {
      await history.ask({ at: day * DAY, sql: count("sex = 'F'"), epsilon: 1.5, who: 'ms-park' });
    }
    expect(history.alerts.filter(({ principal }) => principal === 'ms-park')).toEqual([]);
  });
});

describe('charges without an outcome', () => {
  it('are told once an hour has gone by, each once', async () => {
    const history = await History.begin();
    await history.ask({ at: 0, sql: count("sex = 'F'"), settled: false });
    await history.ask({ at: 59 * MINUTE, sql: count("sex = 'M'") });
    expect(history.found).toEqual([]);
    await history.refuse(61 * MINUTE);
    await history.refuse(3 * HOUR);
    expect(history.alerts.map(({ rule, fields }) => [rule, fields.charged])).toEqual([['unfinished', timeOf(0)]]);
  });
});

describe('acts', () => {
  it('are told at once', async () => {
    const history = await History.begin();
    const act = { by: 'mr-ito', reason: 'Mrs Smith complained', time: timeOf(0) };
    await history.ledger.state(() => ({ kind: 'freeze', dataset: 'network', ...act }));
    await history.ledger.state(() => ({ kind: 'unfreeze', dataset: 'network', ...act }));
    await history.ledger.state(() => ({ kind: 'write-off', charges: [], ...act }));
    await history.rule(history.policy, DAY, rules(), ['The budget is larger.', 'sex is open.']);
    const weaker = parsePolicy(rules('watch: { narrowing: off, refusals: { count: 100 } }'));
    await history.rule(weaker, DAY, rules('watch: { narrowing: off, refusals: { count: 100 } }'));
    expect(history.alerts.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: The data set network was stopped.',
      'notice: The data set network answers again.',
      'critical: Entries of the journal were lost.',
      'warning: The policy was widened in 2 ways: gauze budget history tells.',
      'warning: The watch was changed: narrowing off, refusals.',
    ]);
    expect(JSON.stringify(history.alerts)).not.toContain('Smith');
  });
});

describe('every rule', () => {
  it('can be off, and says so the last time', async () => {
    const off =
      'watch: { burnRate: off, nearDuplicates: off, narrowing: off, refusals: off, closedColumns: off, unfinished: off, acts: off }';
    const history = await History.begin();
    const none = parsePolicy(rules(off));
    await history.rule(none, 0, rules(off));
    expect(history.found).toEqual(['acts']);
    const silent = await History.begin(rules(off));
    for (let index = 0; index < 20; index++) {
      await silent.ask({ at: index, sql: count(`birth_year < ${1940 + index}`), epsilon: 0.9, settled: false });
      await silent.refuse(index, 'POLICY_COLUMN');
    }
    await silent.refuse(DAY);
    await silent.rule(silent.policy, DAY, '', ['wider']);
    expect(silent.found).toEqual([]);
  });
});
