/** The browser's journal, key and answers, in a real browser: durable over pages, one truth for all tabs. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, serve } from './browser.ts';

const browser: Browser | string = await launch();
if (typeof browser === 'string') console.log(`IndexedDB tests are skipped: ${browser}.`);
const test = it.skipIf(typeof browser === 'string');

let context: BrowserContext;
let server: { readonly url: string; stop(): void };

beforeAll(async () => {
  if (typeof browser === 'string') return;
  server = await serve('test/charge/indexeddb-page.ts');
  context = await browser.newContext();
});

afterAll(async () => {
  if (typeof browser === 'string') return;
  await browser.close();
  server.stop();
});

async function tab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url, { waitUntil: 'load' });
  return page;
}

test('charges stay when the page is gone', async () => {
  const page = await tab();
  expect(await page.evaluate(() => window.gauzeTest.spend('stay'))).toEqual({
    charged: 100,
    refusal: 'BUDGET_EXHAUSTED',
  });
  await page.close();
  expect(await (await tab()).evaluate(() => window.gauzeTest.spent('stay'))).toBe('100');
});

test.each([
  ['with Web Locks', 'locks', false],
  ['without', 'no-locks', true],
])('four tabs racing for one budget never overspend it, %s', async (_, name, forget) => {
  const tabs = await Promise.all([tab(), tab(), tab(), tab()]);
  if (forget) for (const page of tabs) await page.evaluate(() => window.gauzeTest.forgetLocks());
  const results = await Promise.all(tabs.map((page) => page.evaluate((of) => window.gauzeTest.spend(of), name)));
  const charged = results.reduce((sum, result) => sum + result.charged, 0);
  expect(charged).toBeLessThanOrEqual(100);
  expect(await tabs[0]!.evaluate((of) => window.gauzeTest.spent(of), name)).toBe(String(charged));
  if (!forget) expect(charged).toBe(100);
  for (const { refusal } of results) expect(refusal).toMatch(/^(BUDGET_EXHAUSTED|LEDGER_CONFLICT)$/);
});

test('a changed or missing entry is refused', async () => {
  const page = await tab();
  await page.evaluate(() => window.gauzeTest.spend('changed'));
  await page.evaluate(() => window.gauzeTest.tamper('changed', 'journal', 99, new Uint8Array(300)));
  expect(await page.evaluate(() => window.gauzeTest.spent('changed'))).toBe('LEDGER_CORRUPT');
  await page.evaluate(() => window.gauzeTest.spend('missing'));
  await page.evaluate(() => window.gauzeTest.tamper('missing', 'journal', 7, undefined));
  expect(await page.evaluate(() => window.gauzeTest.spent('missing'))).toBe('LEDGER_CORRUPT');
});

test('tabs that race make one key', async () => {
  const tabs = await Promise.all([tab(), tab(), tab()]);
  const keys = await Promise.all(tabs.map((page) => page.evaluate(() => window.gauzeTest.key('key'))));
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
});

test('tabs that race to register lose nothing of the record', async () => {
  const tabs = await Promise.all([tab(), tab(), tab()]);
  const marks = ['a', 'b', 'c'].flatMap((mark) => [mark, mark]);
  await Promise.all(
    marks.map((mark, i) =>
      tabs[i % 3]!.evaluate(([of, one]) => window.gauzeTest.register(of as string, one as string), ['register', mark]),
    ),
  );
  const record = await tabs[0]!.evaluate(() => window.gauzeTest.register('register', ''));
  expect([...(record ?? '')].sort()).toEqual(marks);
});

test('an answer is found in another tab, the first one stays, and a forged one is not released', async () => {
  const [one, two] = [await tab(), await tab()];
  expect(await one.evaluate(() => window.gauzeTest.find('answers', 'a'))).toBeNull();
  await one.evaluate(() => window.gauzeTest.keep('answers', 'a', 'first'));
  await two.evaluate(() => window.gauzeTest.keep('answers', 'a', 'second'));
  expect(await two.evaluate(() => window.gauzeTest.find('answers', 'a'))).toBe('first');
  await one.evaluate(() => window.gauzeTest.tamper('answers', 'answers', 'a', `${'0'.repeat(64)}\nforged`));
  expect(await two.evaluate(() => window.gauzeTest.find('answers', 'a'))).toBe('CRYPTO_SIGNATURE');
});
