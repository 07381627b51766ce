/** Gauze in a real browser: files of every kind, a journal that outlives the page, and not one request elsewhere. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from '../charge/browser.ts';
import { type HospitalFiles, makeHospital, policyText } from '../engine/hospital-files.ts';
import type { Kind, Outcome, Wish } from './page.ts';
import { serveApp } from './server.ts';

const browser: Browser | string = await launch();
if (typeof browser === 'string') console.log(`Browser tests are skipped: ${browser}.`);
const test = it.skipIf(typeof browser === 'string');

let hospital: HospitalFiles;
let server: Awaited<ReturnType<typeof serveApp>>;
let context: BrowserContext;
let page: Page;
const requests: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  if (typeof browser === 'string') return;
  hospital = await makeHospital();
  server = await serveApp('test/browser/page.ts', hospital.folder);
  context = await browser.newContext();
  context.on('request', (request) => requests.push(request.url()));
  page = await context.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(server.url, { waitUntil: 'load' });
});

afterAll(async () => {
  if (typeof browser === 'string') return;
  await browser.close();
  server.stop();
  hospital.remove();
});

const open = (kind: Kind, name: string = kind, epsilon = 100): Promise<string | null> =>
  page.evaluate((of) => window.gauzePage.open(...of), [policyText(kind, epsilon), kind, name] as const);
const ask = (sql: string, wish: Wish): Promise<Outcome> =>
  page.evaluate((of) => window.gauzePage.ask(...of), [sql, wish] as const);
const close = (): Promise<void> => page.evaluate(() => window.gauzePage.close());

describe.each(['duckdb', 'parquet', 'csv'] as const)('a %s source', (kind) => {
  test('is asked, and stays charged when the page is loaded again', async () => {
    expect(await open(kind)).toBeNull();
    const first = await ask('SELECT sex, count(*) AS n FROM patient GROUP BY sex', { epsilon: 20 });
    expect(first).toMatchObject({ error: null, cost: 20, remaining: 80, recalled: false });
    expect(first.stages).toEqual(['planned', 'charged', 'read', 'released']);
    const [women, men, unknown] = ['F', 'M', null].map((sex) => Number(first.rows.find(([key]) => key === sex)?.[1]));
    // Truth 137, 136, 27; at ε = 20 noise beyond 5 has probability below e⁻¹⁰⁰ each.
    for (const [found, truth] of [
      [women, 137],
      [men, 136],
      [unknown, 27],
    ] as const) {
      expect(Math.abs((found ?? NaN) - truth)).toBeLessThanOrEqual(5);
    }
    await page.reload({ waitUntil: 'load' });
    expect(await open(kind)).toBeNull();
    const again = await ask('SELECT sex, count(*) AS n FROM patient GROUP BY sex', { epsilon: 20 });
    expect(again).toMatchObject({ error: null, cost: 0, remaining: 80, recalled: true, rows: first.rows });
    const other = await ask("SELECT count(*) FROM visit WHERE ward = 'icu'", { epsilon: 79 });
    expect(other).toMatchObject({ error: null, remaining: 1 });
    expect(await ask('SELECT sum(cost) FROM visit', { epsilon: 2 })).toMatchObject({ error: 'BUDGET_EXHAUSTED' });
    await close();
  });
});

test('changed data are refused until they are registered anew, and the budget stays spent', async () => {
  expect(await open('duckdb', 'changed')).toBeNull();
  expect(await ask('SELECT count(*) FROM patient', { epsilon: 60 })).toMatchObject({ remaining: 40 });
  await close();
  expect(await open('csv', 'changed')).toMatch(/^POLICY_DATASET: /);
  const policy = policyText('csv', 100);
  const names = await page.evaluate((of) => window.gauzePage.register(of, 'csv', 'changed'), policy);
  expect(names).toEqual(['hospital']);
  expect(await open('csv', 'changed')).toBeNull();
  expect(await ask('SELECT count(*) FROM patient', { epsilon: 60 })).toMatchObject({ error: 'BUDGET_EXHAUSTED' });
  await close();
});

test('a connection of the page is asked, stopped by signal and by time, and given back', async () => {
  expect(await open('connection')).toBeNull();
  const slow = 'SELECT arrived, count(*), sum(cost), count(DISTINCT ward) FROM visit GROUP BY arrived';
  const abort = await ask(slow, { epsilon: 10, abortAt: 'charged' });
  expect(abort).toMatchObject({ error: 'ENGINE_ABORTED', stages: ['planned', 'charged'] });
  expect(await ask(slow, { epsilon: 10, timeout: 1 })).toMatchObject({ error: 'ENGINE_TIMEOUT' });
  // Both charges stay.
  expect(await ask('SELECT count(*) FROM patient', { epsilon: 5 })).toMatchObject({ error: null, remaining: 75 });
  expect(await open('connection', 'second')).toMatch(/^ENGINE_UNAVAILABLE: Another session/);
  await close();
  const own = (sql: string): Promise<string> => page.evaluate((of) => window.gauzePage.own(of), sql);
  expect(await own("SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'gauze%'")).toBe('0');
  await own('CREATE TABLE mine AS SELECT 7 AS x');
  expect(await own('SELECT x FROM mine')).toBe('7');
  expect(await open('connection')).toBeNull();
  await close();
});

test('the page goes on while a question is computed', async () => {
  expect(await open('connection', 'alive')).toBeNull();
  const question = 'SELECT ward, sum(cost), count(*) FROM visit GROUP BY ward';
  const [answer, ticks] = await Promise.all([
    ask(question, { epsilon: 90 }),
    page.evaluate(() => window.gauzePage.ticks(300)),
  ]);
  expect(answer.error).toBeNull();
  expect(answer.rows.length).toBeGreaterThan(900);
  expect(ticks).toBeGreaterThan(3);
  await close();
});

test('nothing was asked of any other address, and nothing was said on the console', () => {
  expect(requests).toContain(`${server.url}duckdb-eh.wasm`);
  expect(requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
  expect(complaints).toEqual([]);
});
