/** The watch as a whole: silent about ordinary work, the same for the same journal, and harmless. */
import { expect, it } from 'vitest';
import { cut } from '../../src/charge/cut.ts';
import type { ChargeEntry, Content } from '../../src/charge/entry.ts';
import { linesIn, replayOf } from '../../src/charge/read-journal.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Alert } from '../../src/watch/alert.ts';
import { makeWatch } from '../../src/watch/watch.ts';
import { watchFromNow } from '../../src/watch/watching.ts';
import { DAY, History, HOUR, KEY, MINUTE, rules, timeOf } from './history.ts';

const count = (condition: string): string => `SELECT COUNT(*) FROM person WHERE ${condition}`;

/** A month of two researchers: cohorts built up, cut-offs tried, tables by group, a refusal now and then. */
async function month(history: History): Promise<void> {
  for (let day = 0; day < 30; day++) {
    if (day % 7 > 4) continue;
    const at = (minute: number): number => day * DAY + 9 * HOUR + minute * MINUTE;
    const cohort = ["sex = 'F'", `birth_year > ${1940 + day}`, "site = 'north'", `arrived > '2025-01-${day + 1}'`];
    for (const [step] of cohort.entries()) {
      const sql = count(cohort.slice(0, step + 1).join(' AND '));
      if ((day + step) % 3 === 0) await history.ask({ at: at(step * 7), sql, epsilon: 0.05 });
    }
    for (let cut = 0; cut < day % 6; cut++) {
      await history.ask({ at: at(60 + cut), sql: count(`birth_year < ${1950 + 5 * cut}`), epsilon: 0.05 });
    }
    await history.ask({ at: at(90), sql: 'SELECT site, AVG(birth_year) FROM person GROUP BY site', epsilon: 0.2 });
    const park = `SELECT sex, COUNT(*) FROM person WHERE arrived > '2026-05-${day + 1}' GROUP BY sex`;
    await history.ask({ at: at(120), sql: park, who: 'ms-park', epsilon: 0.3 });
    if (day % 4 === 0) await history.refuse(at(130), 'POLICY_COLUMN');
    if (day % 3 === 0) await history.refuse(at(140), 'BOUND_MISSING', 'ms-park');
  }
}

/** What every rule is for, in one journal. */
async function eventful(history: History): Promise<void> {
  for (let index = 0; index < 12; index++) {
    await history.ask({ at: index, sql: count(`birth_year < ${1940 + index}`), settled: index !== 3 });
    await history.refuse(index, 'POLICY_COLUMN');
  }
  const conditions = [
    "sex = 'F'",
    'birth_year > 1950',
    "site = 'north'",
    'birth_year < 1990',
    "arrived > '2025-01-01'",
  ];
  for (const [index] of [...conditions, ''].entries()) {
    const where = index === 0 ? '' : ` WHERE ${conditions.slice(0, index).join(' AND ')}`;
    await history.ask({ at: 2 * HOUR, sql: `SELECT COUNT(*) FROM person${where}`, epsilon: 2 });
  }
  await history.ledger.state(() => ({ kind: 'freeze', dataset: 'network', by: null, reason: '', time: '' }));
}

it('says nothing about an ordinary month', async () => {
  const history = await History.begin();
  await month(history);
  expect(history.entries.length).toBeGreaterThan(150);
  expect(history.alerts).toEqual([]);
});

it('gives the same alerts for the same journal, also where entries come twice', async () => {
  const history = await History.begin();
  await eventful(history);
  expect([...new Set(history.found)].sort()).toEqual([
    ...['acts', 'burnRate', 'closedColumns', 'narrowing', 'nearDuplicates', 'refusals', 'unfinished'],
  ]);
  const again: Alert[] = [];
  const watch = makeWatch(history.policy, (alert) => again.push(alert));
  for (const [content, place] of history.entries) {
    watch(content, place);
    watch(content, place);
  }
  for (const [content, place] of history.entries) watch(content, place);
  expect(again).toEqual(history.alerts);
});

it('goes by the rules in force at each entry, not by those it is given', async () => {
  const history = await History.begin(rules('watch: { refusals: { count: 3 } }'));
  for (let index = 0; index < 5; index++) await history.refuse(index);
  expect(history.found).toEqual(['refusals']);
  const other = await History.begin();
  const again: Alert[] = [];
  const watch = makeWatch(other.policy, (alert) => again.push(alert));
  for (const [content, place] of history.entries) watch(content, place);
  expect(again.map(({ rule }) => rule)).toEqual(['acts', 'refusals']);
  expect(again.at(-1)).toEqual(history.alerts[0]);
});

it('says no constant and nothing that was written freely', async () => {
  const history = await History.begin();
  for (let index = 0; index < 12; index++) {
    await history.ask({ at: index, sql: count(`site = 'Mary Jones' AND birth_year = 1931 -- ${index}`) });
  }
  expect(history.found).toEqual(['nearDuplicates']);
  expect(JSON.stringify(history.alerts)).not.toMatch(/Jones|jones|1931/);
});

it('costs no charge when whoever hears it throws, nor an entry that nobody foresaw', async () => {
  let heard = 0;
  const throwing = watchFromNow((await History.begin()).policy, () => {
    heard += 1;
    throw new Error('deaf');
  });
  const history = await History.begin(rules(), throwing.seen);
  throwing.begin();
  await eventful(history);
  await new Promise((done) => setTimeout(done, 0));
  expect(heard).toBe(history.alerts.length);
  const loud = makeWatch(history.policy, () => {
    throw new Error('deaf');
  });
  for (const [content, place] of history.entries) expect(() => loud(content, place)).not.toThrow();
  const odd = makeWatch(history.policy, () => undefined);
  const place = { sequence: 0, hash: '' };
  expect(() => odd({ kind: 'reserve', time: 'never' } as never, place)).not.toThrow();
  expect(() =>
    odd({ kind: 'policy', text: ':', digest: '', time: '' } as never, { ...place, sequence: 1 }),
  ).not.toThrow();
});

it('waits for nobody who hears it', async () => {
  let heard = 0;
  const slow = watchFromNow(parsePolicy(rules()), () => {
    heard += 1;
    return new Promise(() => undefined);
  });
  slow.begin();
  const history = await History.begin(rules(), slow.seen);
  await eventful(history);
  expect(heard).toBe(history.alerts.length);
});

it('tells nothing of the past before it begins', async () => {
  const history = await History.begin();
  await eventful(history);
  const heard: Alert[] = [];
  const { seen, begin } = watchFromNow(history.policy, (alert) => heard.push(alert));
  for (const [content, place] of history.entries.slice(0, -1)) seen(content, place);
  begin();
  for (const [content, place] of history.entries.slice(-1)) seen(content, place);
  await Promise.resolve().then(() => undefined);
  expect(heard.map(({ rule }) => rule)).toEqual(['acts']);
});

it('goes on from a checkpoint with rules, sums and charges without an outcome', async () => {
  const history = await History.begin(rules('watch: { refusals: { count: 3 } }'));
  await history.ask({ at: 0, sql: count("sex = 'M'"), settled: false });
  await history.ask({ at: 100 * MINUTE, sql: count("sex = 'F'"), epsilon: 9 });
  await history.ask({ at: 101 * MINUTE, sql: count("site = 'north'"), settled: false });
  expect(history.found).toEqual(['unfinished']);
  const { journal } = await cut(await history.store.read(0), KEY, { by: null, now: new Date(timeOf(110 * MINUTE)) });
  const found: Alert[] = [];
  const watch = makeWatch((await History.begin()).policy, (alert) => found.push(alert));
  let next = 0;
  await replayOf(linesIn(journal), ({ entry: { content, sequence }, hash }) => {
    watch(content, { sequence, hash });
    next = sequence + 1;
  });
  expect(found).toEqual([]);
  const later = (content: Content): void => watch(content, { sequence: next++, hash: String(next) });
  const charge = history.entries.find(([{ kind }]) => kind === 'reserve')?.[0] as ChargeEntry;
  const time = timeOf(120 * MINUTE);
  later({ ...charge, kind: 'recharge', time, spend: { ...charge.spend, epsilon: String(10n ** 12n) } });
  for (let index = 0; index < 3; index++) {
    const asked = { principal: 'dr-lee', dataset: 'network', purpose: null, question: '?', policy: '' };
    later({ kind: 'refuse', code: 'BOUND_MISSING', ...asked, time });
  }
  later({ kind: 'unfreeze', dataset: 'network', by: null, reason: '', time: timeOf(200 * MINUTE) });
  expect(found.map(({ rule }) => rule)).toEqual(['burnRate', 'refusals', 'unfinished', 'acts']);
  expect(found[0]?.fields.percent).toBe(51);
});
