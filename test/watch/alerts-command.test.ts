/** `gauze alerts`: the whole journal read again, for those who may. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { alerts } from '../../src/cli/command/alerts.ts';
import { freezing } from '../../src/cli/command/freeze.ts';
import { bringIntoForce } from '../../src/govern/in-force.ts';
import { openJournal } from '../../src/govern/journal.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { stateFolder } from '../../src/state.node.ts';
import type { Alert } from '../../src/watch/alert.ts';
import { watchHere } from '../../src/watch/watching.node.ts';
import { rules, timeOf } from './history.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-alerts-'));
const policy = join(folder, 'network.yaml');
const text = rules('  mr-ito: { roles: [officer] }\n  ms-roy: { roles: [auditor] }\n');

beforeAll(async () => {
  writeFileSync(policy, text);
  const state = stateFolder(policy, undefined);
  const { ledger, store } = await openJournal(parsePolicy(text), { folder: state, base: folder });
  await bringIntoForce(ledger, parsePolicy(text), null, new Date(timeOf(0)));
  for (let index = 0; index < 12; index++) {
    await ledger.state(() => ({
      kind: 'refuse',
      ...{
        code: 'POLICY_COLUMN',
        principal: 'dr-lee',
        dataset: 'network',
        purpose: null,
        question: 'SELECT ?',
        policy: '',
      },
      time: timeOf(index),
    }));
  }
  await store.close();
  const flags = { policy, as: 'mr-ito', reason: 'a complaint', format: 'json' } as const;
  expect((await ran(() => freezing('freeze', 'network', flags))).code).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Exit code and output of a command. */
async function ran(command: () => Promise<number>): Promise<{ readonly code: number; readonly out: string }> {
  let out = '';
  const write = (part: string | Uint8Array): boolean => {
    out += String(part);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(write),
    vi.spyOn(process.stderr, 'write').mockImplementation(write),
  ];
  try {
    return { code: await command(), out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const listed = async (flags: object): Promise<Alert[]> => {
  const { code, out } = await ran(() => alerts({ policy, as: 'ms-roy', format: 'json', ...flags }));
  expect(code).toBe(0);
  return (JSON.parse(out) as { alerts: Alert[] }).alerts;
};

describe('gauze alerts', () => {
  it('lists what the watch of a session writes down', async () => {
    const all = await listed({});
    expect(all.map(({ rule }) => rule)).toEqual(['closedColumns', 'refusals', 'acts']);
    const state = join(folder, 'network.gauze');
    const watching = watchHere(parsePolicy(text), { folder: state });
    const { store } = await openJournal(parsePolicy(text), { folder: state, base: folder });
    await openLedger(store, { seen: watching.seen });
    watching.begin();
    await store.close();
    const lines = readFileSync(join(state, 'alerts.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Alert)).toEqual(all);
  });

  it('keeps to a rule and to a span of time', async () => {
    expect((await listed({ rule: 'refusals' })).map(({ rule }) => rule)).toEqual(['refusals']);
    expect((await listed({ since: timeOf(6) })).map(({ rule }) => rule)).toEqual(['refusals', 'acts']);
    const { code, out } = await ran(() => alerts({ policy, as: 'ms-roy', rule: 'refusal', format: 'json' }));
    expect(code).toBe(2);
    expect(JSON.parse(out).error.next).toContain('burnRate, nearDuplicates');
  });

  it('is read by officers and auditors', async () => {
    const { code, out } = await ran(() => alerts({ policy, as: 'dr-lee', format: 'json' }));
    expect(code).not.toBe(0);
    expect(JSON.parse(out).error.code).toBe('POLICY_ROLE');
  });

  it('prints tables and CSV', async () => {
    const table = await ran(() => alerts({ policy, as: 'mr-ito', format: 'table' }));
    expect(table.out).toContain('2026-06-01 00:00:00  critical  closedColumns, entry ');
    expect(table.out.replace(/\s+/g, ' ')).toContain('within 60 minutes at what is closed to him: POLICY_COLUMN.');
    const csv = await ran(() => alerts({ policy, as: 'mr-ito', format: 'csv', rule: 'acts' }));
    expect(csv.out).toMatch(
      /^entry,time,severity,rule,dataset,who,purpose,message\n\d+,.*,acts,network,mr-ito,,The data set/,
    );
    const none = await ran(() => alerts({ policy, as: 'mr-ito', format: 'table', rule: 'narrowing' }));
    expect(none.out).toBe('Nothing to look at.\n');
  });
});
