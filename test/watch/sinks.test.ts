/** Where alerts go: a file that remembers, log records, a callback. Each alert arrives once. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { fileStore } from '../../src/charge/store/file.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Alert } from '../../src/watch/alert.ts';
import { otelSink } from '../../src/watch/sink-otel.node.ts';
import { watchHere } from '../../src/watch/watching.node.ts';
import { History, MINUTE, rules, timeOf } from './history.ts';

let folder = '';
const file = (): string => join(folder, 'alerts.jsonl');
const told = (): Alert[] =>
  existsSync(file())
    ? readFileSync(file(), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Alert)
    : [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-watch-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const policy = parsePolicy(rules());
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

/** A journal with two alerts from one entry and others around them. */
async function journal(): Promise<History> {
  const history = await History.begin();
  const act = { by: null, reason: '', time: timeOf(0) };
  await history.ledger.state(() => ({ kind: 'freeze', dataset: 'network', ...act }));
  await history.ledger.state(() => ({ kind: 'unfreeze', dataset: 'network', ...act }));
  for (let index = 0; index < 10; index++)
    await history.refuse(index < 5 ? 0 : index, index < 9 ? 'POLICY_COLUMN' : 'BOUND_MISSING');
  const other = parsePolicy(rules('watch: { narrowing: off }'));
  await history.rule(other, MINUTE, rules('watch: { narrowing: off }'), ['wider']);
  await history.ledger.state(() => ({ kind: 'freeze', dataset: 'network', ...act }));
  return history;
}

/** Replays entries into the folder as a process does that opens the journal; what its callback heard. */
async function replayed(entries: History['entries'], past: number = entries.length): Promise<Alert[]> {
  const heard: Alert[] = [];
  const { seen, begin } = watchHere(policy, { folder, onAlert: (alert) => heard.push(alert) });
  for (const [content, place] of entries.slice(0, past)) seen(content, place);
  begin();
  for (const [content, place] of entries.slice(past)) seen(content, place);
  await settled();
  return heard;
}

describe('the file', () => {
  it('holds a line for each alert, for its owner alone, and the callback hears the same', async () => {
    const { entries, alerts } = await journal();
    expect(alerts.map(({ rule }) => rule)).toEqual([
      'acts',
      'acts',
      'closedColumns',
      'refusals',
      'acts',
      'acts',
      'acts',
    ]);
    expect(await replayed(entries, 0)).toEqual(alerts);
    expect(told()).toEqual(alerts);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('neither repeats nor loses alerts, wherever a process ends', async () => {
    const { entries, alerts } = await journal();
    for (let end = 0; end <= entries.length; end++) {
      const first = await replayed(entries.slice(0, end), 0);
      const second = await replayed(entries);
      expect([...first, ...second]).toEqual(alerts);
      expect(told()).toEqual(alerts);
      expect(await replayed(entries)).toEqual([]);
      rmSync(file());
    }
  });

  it('goes on behind a line that a crash tore, between alerts of one entry too', async () => {
    const { entries, alerts } = await journal();
    await replayed(entries);
    const whole = readFileSync(file());
    for (let length = 0; length < whole.length; length += 97) {
      writeFileSync(file(), whole.subarray(0, length));
      await replayed(entries);
      expect(told()).toEqual(alerts);
    }
  });

  it('is shared by two processes that meet the same entries', async () => {
    const { entries, alerts } = await journal();
    const heard: Alert[] = [];
    const both = [0, 1].map(() => watchHere(policy, { folder, onAlert: (alert) => heard.push(alert) }));
    for (const one of both) one.begin();
    for (const [index, [content, place]] of entries.entries()) {
      both[index % 2]?.seen(content, place);
      both[(index + 1) % 2]?.seen(content, place);
    }
    await settled();
    expect(heard).toEqual(alerts);
    expect(told()).toEqual(alerts);
  });

  it('tells what follows when an older journal was brought back and went on otherwise', async () => {
    const { entries, alerts } = await journal();
    await replayed(entries);
    const [last] = alerts.slice(-1) as [Alert];
    const kept = entries.slice(0, 5);
    const lost = { kind: 'write-off', charges: [], reason: '', by: null, time: timeOf(MINUTE) } as const;
    const branch = [...kept, [lost, { sequence: 5, hash: 'e'.repeat(64) }] as const];
    expect((await replayed(branch)).map(({ severity }) => severity)).toEqual(['critical']);
    expect(
      told()
        .slice(-2)
        .map(({ entry }) => entry.hash),
    ).toEqual([last.entry.hash, 'e'.repeat(64)]);
  });

  it('that cannot be written costs nothing, and gets all of it once it can', async () => {
    const { entries, alerts } = await journal();
    mkdirSync(file());
    const heard: Alert[] = [];
    const { seen, begin } = watchHere(policy, { folder, onAlert: (alert) => heard.push(alert) });
    const early = entries.slice(0, 3);
    for (const [content, place] of early) seen(content, place);
    begin();
    for (const [content, place] of entries.slice(3, -1)) expect(() => seen(content, place)).not.toThrow();
    await settled();
    expect(heard).toEqual(alerts.slice(1, -1));
    rmSync(file(), { recursive: true });
    for (const [content, place] of entries.slice(-1)) seen(content, place);
    expect(told()).toEqual(alerts);
  });

  it('is read again when another takes its place', async () => {
    const { entries, alerts } = await journal();
    const { seen, begin } = watchHere(policy, { folder });
    begin();
    for (const [content, place] of entries.slice(0, -1)) seen(content, place);
    writeFileSync(file(), '');
    for (const [content, place] of entries.slice(-1)) seen(content, place);
    expect(told()).toEqual(alerts.slice(-1));
  });

  it('that holds other lines stays as it is', async () => {
    const { entries, alerts } = await journal();
    appendFileSync(file(), 'not from here\n');
    await replayed(entries);
    const [first, ...rest] = readFileSync(file(), 'utf8').trimEnd().split('\n');
    expect([first, ...rest.map((line) => JSON.parse(line))]).toEqual(['not from here', ...alerts]);
  });
});

describe('over one journal file', () => {
  it('several ledgers write each alert once', async () => {
    const open = async () => {
      const watching = watchHere(policy, { folder });
      const store = fileStore(join(folder, 'journal'));
      const ledger = await openLedger(store, { seen: watching.seen });
      watching.begin();
      return { store, ledger };
    };
    const [one, two] = [await open(), await open()];
    const refused = {
      principal: 'dr-lee',
      dataset: 'network',
      purpose: null,
      question: '?',
      policy: 'p',
      time: timeOf(0),
    };
    await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        (index % 2 === 0 ? one : two).ledger.state(() => ({ kind: 'refuse', code: 'BOUND_MISSING', ...refused })),
      ),
    );
    await Promise.all([one.store.close(), two.store.close()]);
    const three = await open();
    await three.store.close();
    expect(told().map(({ rule, entry }) => [rule, entry.sequence])).toEqual([['refusals', 9]]);
  });
});

describe('OpenTelemetry', () => {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  beforeAll(() => {
    logs.setGlobalLoggerProvider(provider);
    exporter.reset();
  });
  afterAll(() => logs.disable());

  it('gets a record for each alert, with its severity and what it is about', async () => {
    const { entries, alerts } = await journal();
    exporter.reset();
    await replayed(entries);
    await replayed(entries);
    await settled();
    const records = exporter.getFinishedLogRecords();
    expect(records.map(({ body }) => body)).toEqual(alerts.map(({ message }) => message));
    expect(new Set(records.map(({ severityNumber }) => severityNumber))).toEqual(
      new Set([SeverityNumber.WARN, SeverityNumber.INFO2, SeverityNumber.ERROR]),
    );
    const burst = records[3]!;
    expect(burst.severityText).toBe('warning');
    expect(burst.instrumentationScope.name).toBe('gauze');
    expect(burst.attributes).toEqual({
      'gauze.rule': 'refusals',
      'gauze.dataset': 'network',
      'gauze.principal': 'dr-lee',
      'gauze.entry.sequence': alerts[3]?.entry.sequence,
      'gauze.entry.hash': alerts[3]?.entry.hash,
      'gauze.refusals': 10,
      'gauze.minutes': 15,
      'gauze.codes': 'BOUND_MISSING POLICY_COLUMN',
    });
  });

  it('that is not installed, or throws, changes nothing', async () => {
    const { alerts } = await journal();
    const [alert] = alerts as [Alert];
    await expect(otelSink(() => Promise.reject(new Error('not installed')))(alert)).resolves.toBeUndefined();
    const broken = {
      logs: {
        getLogger: () => ({
          emit: () => {
            throw new Error('full');
          },
        }),
      },
      SeverityNumber,
    };
    await expect(otelSink(async () => broken as never)(alert)).resolves.toBeUndefined();
  });
});
