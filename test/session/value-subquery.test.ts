/** Subqueries that stand for values, over whole sessions: what is asked twice is one figure, and is paid once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../src/charge/ledger.ts';
import { memoryStore, open, type Session } from '../../src/index.node.ts';
import type { Release } from '../../src/release/release.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';

let folder = '';
let gauze: Session;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-value-subquery-'));
  await writeNetwork(folder);
  writeFileSync(join(folder, 'network.yaml'), NETWORK);
});

beforeEach(async () => {
  await gauze?.close();
  rmSync(join(folder, 'network.gauze'), { recursive: true, force: true });
  gauze = await asked(memoryStore());
});

afterAll(async () => {
  await gauze?.close();
  rmSync(folder, { recursive: true });
});

function asked(ledger: Store): Promise<Session> {
  return open({ policy: join(folder, 'network.yaml'), as: 'dr-lee', ledger });
}

function numbers(answer: Release, name: string): number[] {
  return answer.columns.find((column) => column.name === name)!.values.map(Number);
}

const C = 'WITH c AS (SELECT ward, COUNT(DISTINCT person_id) AS n FROM visit GROUP BY ward)';

it('shares add up to the whole, cost what the counts cost, and carry their intervals', async () => {
  const shares = await gauze.query(`${C} SELECT ward, n, 100.0 * n / (SELECT SUM(n) FROM c) AS share FROM c`, {
    epsilon: 0.5,
  });
  const counts = numbers(shares, 'n');
  const whole = counts.reduce((sum, n) => sum + n, 0);
  expect(counts).toHaveLength(3);
  for (const [row, share] of numbers(shares, 'share').entries()) {
    expect(share).toBeCloseTo((100 * counts[row]!) / whole, 9);
    const { low, high } = shares.intervals.share!;
    expect(Number(low[row])).toBeLessThan(share);
    expect(Number(high[row])).toBeGreaterThan(share);
  }
  expect(shares.cost.epsilon).toBe(0.5);
  const again = await gauze.query('SELECT ward, COUNT(DISTINCT person_id) AS n FROM visit GROUP BY ward', {
    epsilon: 0.5,
  });
  expect(again.recalled).toBe(true);
  expect(numbers(again, 'n')).toEqual(counts);
});

it('stands in every clause over released rows', async () => {
  const rows = await gauze.query(
    `${C} SELECT ward, n, n - (SELECT AVG(n) FROM c) AS d, SUM(n - (SELECT MIN(n) FROM c)) OVER (ORDER BY n, ward) AS s
     FROM c WHERE n >= (SELECT AVG(n) FROM c) ORDER BY (SELECT MAX(n) FROM c) - n`,
    { epsilon: 0.5 },
  );
  const all = await gauze.query('SELECT ward, COUNT(DISTINCT person_id) AS n FROM visit GROUP BY ward', {
    epsilon: 0.5,
  });
  const counts = numbers(all, 'n').sort((a, b) => a - b);
  const mean = counts.reduce((sum, n) => sum + n, 0) / 3;
  const above = counts.filter((n) => n >= mean).reverse();
  expect(numbers(rows, 'n')).toEqual(above);
  for (const [row, d] of numbers(rows, 'd').entries()) expect(d).toBeCloseTo(above[row]! - mean, 9);
  const running = above.map((n) => above.filter((one) => one <= n).reduce((sum, one) => sum + one - counts[0]!, 0));
  expect(numbers(rows, 's')).toEqual(running);
});

it('needs no FROM, and stands in HAVING and over public tables', async () => {
  const rate = await gauze.query('SELECT (SELECT COUNT(*) FROM visit) / (SELECT COUNT(*) FROM person) AS rate', {
    epsilon: 1,
  });
  expect(rate.columns[0]!.values).toHaveLength(1);
  expect(numbers(rate, 'rate')[0]).toBeGreaterThan(1);
  const none = await gauze.query(
    'SELECT sex, COUNT(*) AS n FROM person GROUP BY sex HAVING COUNT(*) > (SELECT COUNT(*) FROM person) * 2',
    { epsilon: 1 },
  );
  expect(none.columns[0]!.values).toEqual([]);
  const free = await gauze.query('SELECT code, (SELECT COUNT(*) FROM code_name) AS n FROM code_name');
  expect(new Set(numbers(free, 'n'))).toEqual(new Set([free.columns[0]!.values.length]));
});

it('a store of its own beside a policy file: answers are kept in the folder of the file', async () => {
  const store = memoryStore();
  const sql = 'SELECT COUNT(*) AS n FROM visit';
  const first = await asked(store);
  const answer = await first.query(sql, { epsilon: 0.5 });
  await first.close();
  const second = await asked(store);
  const again = await second.query(sql, { epsilon: 0.5 });
  await second.close();
  expect([answer.recalled, again.recalled, again.cost.epsilon]).toEqual([false, true, 0]);
  expect(numbers(again, 'n')).toEqual(numbers(answer, 'n'));
});
