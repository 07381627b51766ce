/** A differencing attack through a real session: noticed, told once, and answered all the same. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { open } from '../../src/index.node.ts';
import type { Alert } from '../../src/watch/alert.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-watched-'));
const policy = join(folder, 'network.yaml');

beforeAll(async () => {
  await writeNetwork(folder);
  writeFileSync(policy, NETWORK);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is noticed within ten questions, whichever session asks them', async () => {
  const heard: Alert[] = [];
  const onAlert = (alert: Alert): never => {
    heard.push(alert);
    throw new Error('nobody listens');
  };
  for (const half of [0, 1]) {
    const session = await open({ policy, as: 'dr-lee', onAlert });
    for (let day = 1; day <= 6; day++) {
      const sql = `SELECT COUNT(*) AS n FROM visit WHERE start_date < DATE '2024-03-${half}${day}'`;
      expect((await session.query(sql, { epsilon: 0.1 })).recalled).toBe(false);
      expect((await session.query(sql, { epsilon: 0.1 })).recalled).toBe(true);
    }
    await session.close();
  }
  const lines = readFileSync(join(folder, 'network.gauze', 'alerts.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(heard);
  expect(heard.map(({ rule, principal, fields }) => [rule, principal, fields.questions])).toEqual([
    ['nearDuplicates', 'dr-lee', 10],
  ]);
  await (await open({ policy, as: 'dr-lee', onAlert })).close();
  expect(heard).toHaveLength(1);
});
