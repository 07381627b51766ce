/** Archiving the journal of a policy, seen by sessions, backups and commands over real files. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckpointEntry, Entry } from '../../src/charge/entry.ts';
import { writeEntry } from '../../src/charge/journal.ts';
import { linesIn } from '../../src/charge/read-journal.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { archiving } from '../../src/cli/command/archive.ts';
import { budgetHistory } from '../../src/cli/command/budget-history.ts';
import { evidence } from '../../src/cli/command/evidence.ts';
import { incident } from '../../src/cli/command/incident.ts';
import { transparency } from '../../src/cli/command/transparency.ts';
import { verify } from '../../src/cli/command/verify.ts';
import { sha256Hex } from '../../src/crypto/canonical.ts';
import { keyIn } from '../../src/crypto/keys.node.ts';
import type { GauzeError } from '../../src/errors.ts';
import type { Pack } from '../../src/evidence/pack.ts';
import type { Transparency } from '../../src/evidence/transparency.ts';
import { freeze } from '../../src/govern/acts.ts';
import { type Archived, archive } from '../../src/govern/archive.node.ts';
import { backUp } from '../../src/govern/backup.node.ts';
import { openJournal } from '../../src/govern/journal.node.ts';
import { replaceLostKey, rotateKey } from '../../src/govern/keys.node.ts';
import { type Restored, restore } from '../../src/govern/restore.node.ts';
import { inOffice } from '../../src/index/office.node.ts';
import { type OpenOptions, open, parsePolicy, type Session } from '../../src/index.node.ts';
import type { Release } from '../../src/release/release.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK, rewritten } from '../policy/network.ts';

interface Checked {
  readonly valid: boolean;
  readonly why: string | null;
  readonly facts: readonly string[];
  readonly warnings: readonly string[];
  readonly publicKeys: readonly string[];
}

const COUNT = 'SELECT COUNT(*) AS n FROM visit';
const OTHER = 'SELECT COUNT(*) AS m FROM person';
const now = new Date('2026-03-11T12:00:00Z');
const ANCHORED = rewritten('gauze: 1', 'gauze: 1\nledger: { anchor: safe.anchor }', NETWORK);

let data = '';
let folder = '';
let policy = '';
const sessions: Session[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gauze-archive-data-'));
  await writeNetwork(data);
});

beforeEach(async () => {
  await endSessions();
  folder = mkdtempSync(join(data, 'office-'));
  policy = join(folder, 'network.yaml');
  writeFileSync(join(folder, 'network.duckdb'), readFileSync(join(data, 'network.duckdb')));
  writeFileSync(policy, NETWORK);
});

afterAll(async () => {
  await endSessions();
  rmSync(data, { recursive: true, force: true });
});

async function endSessions(): Promise<void> {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
}

async function session(options: Partial<OpenOptions> = {}): Promise<Session> {
  const opened = await open({ policy, as: 'dr-lee', clock: () => new Date('2026-03-10T12:00:00Z'), ...options });
  sessions.push(opened);
  return opened;
}

const at = (name: string): string => join(folder, name);
const state = (): string => at('network.gauze');
const journal = (): string => join(state(), 'journal');
const whereabouts = () => ({ folder: state(), base: folder });
const putAway = (name: string): Promise<Archived> =>
  inOffice({ policy, clock: () => now }, [], (office) => archive(office, at(name)));
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as GauzeError).code ?? String(error),
  );
const spentBy = async (opened: Session): Promise<number> => (await opened.budget())[0]?.spent.epsilon ?? -1;
const firstOf = (file: string): string => String(Buffer.from(linesIn(readFileSync(file))[0] as Uint8Array));

describe('an archive', () => {
  it('holds every entry so far, byte for byte, and the journal goes on with their sums', async () => {
    const asking = await session();
    await asking.query(COUNT, { epsilon: 0.5 });
    const before = readFileSync(journal());
    const { digest, first, last, keepUntil } = await putAway('a1');
    expect(readFileSync(at('a1'))).toEqual(before);
    expect(statSync(at('a1')).mode & 0o777).toBe(0o600);
    expect(digest).toBe(sha256Hex(before));
    expect([first, last]).toEqual([1, linesIn(before).length]);
    // Six years after the newest entry, as the policy has it where it says nothing.
    expect(keepUntil).toBe('2032-03-10');
    expect(firstOf(journal())).toContain('"kind":"checkpoint"');
    expect(String(readFileSync(journal()))).toContain(`"digest":"${digest}"`);
    expect(await spentBy(await session())).toBe(0.5);
  });

  it('interrupts no session, and stored answers stay free', async () => {
    const asking = await session();
    await asking.query(COUNT, { epsilon: 0.5 });
    await putAway('a1');
    expect((await asking.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
    expect((await asking.query(OTHER, { epsilon: 0.25 })).recalled).toBe(false);
    const next = await session();
    expect((await next.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
    for (const one of [asking, next]) expect(await spentBy(one)).toBe(0.75);
    await putAway('a2');
    expect((await asking.query(OTHER, { epsilon: 0.25 })).recalled).toBe(true);
    expect(await codeOf(asking.query(OTHER, { epsilon: 9.5 }))).toBe('BUDGET_EXHAUSTED');
  });

  it('keeps stops, rules and keys in force', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await inOffice({ policy }, [], (office) => freeze(office, 'network', 'complaint', 'freeze'));
    await inOffice({ policy }, [], (office) => rotateKey(office, office.folder));
    const records = () => inOffice({ policy }, [], async ({ ledger }) => (await ledger.records()).written());
    const before = await records();
    await putAway('a1');
    expect(await records()).toMatchObject({ ...before, latest: expect.any(String) });
    expect(await codeOf((await session()).query(COUNT, { epsilon: 0.5 }))).toBe('DATASET_FROZEN');
    await endSessions();
    rmSync(join(state(), 'key'));
    expect(await codeOf(session())).toBe('LEDGER_KEY');
    await replaceLostKey(parsePolicy(NETWORK), whereabouts(), null, now);
    expect(await spentBy(await session())).toBe(0.5);
  });

  it('anchors hold across it, and an older journal still gives itself away', async () => {
    writeFileSync(policy, ANCHORED);
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await endSessions();
    const early = readFileSync(journal());
    await putAway('a1');
    expect(await spentBy(await session())).toBe(0.5);
    await (await session()).query(OTHER, { epsilon: 0.25 });
    await endSessions();
    writeFileSync(journal(), early);
    expect(await codeOf(session())).toBe('LEDGER_ROLLBACK');
  });

  it('of a journal in another store than a file is refused', async () => {
    const { ledger, keys } = await openJournal(parsePolicy(NETWORK), { folder, base: folder }, { own: memoryStore() });
    const act = { ledger, keys, store: memoryStore(), policy: parsePolicy(NETWORK), by: null, now, folder };
    await expect(archive(act, at('a1'))).rejects.toMatchObject({ code: 'USAGE' });
    expect(existsSync(at('a1'))).toBe(false);
  });

  it('that cannot be written leaves the journal as it was', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await endSessions();
    const before = readFileSync(journal());
    expect(await codeOf(putAway('no/such/folder'))).toBe('LEDGER_UNAVAILABLE');
    writeFileSync(at('taken'), 'letters');
    expect(await codeOf(putAway('taken'))).toBe('USAGE');
    expect(readFileSync(at('taken'), 'utf8')).toBe('letters');
    expect(readFileSync(journal())).toEqual(before);
    // What an attempt left behind that was cut off is the archive.
    writeFileSync(at('whole'), before);
    expect(await codeOf(putAway('whole'))).toBe('no error');
  });
});

describe('a backup', () => {
  const save = (name: string) =>
    inOffice({ policy }, [], (office) => backUp(office, office.store, office.folder, at(name)));
  const bring = (name: string): Promise<Restored> =>
    restore(parsePolicy(readFileSync(policy, 'utf8')), whereabouts(), at(name), null, now);

  it('from before an archive does not take the place of the journal after it', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await (await session()).query(OTHER, { epsilon: 0.25 });
    await putAway('a1');
    expect(await bring('b')).toBe('kept');
    expect(await spentBy(await session())).toBe(0.75);
    await putAway('a2');
    expect(await bring('b')).toBe('kept');
  });

  it('does not yield to a journal that a stranger’s checkpoint begins', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await endSessions();
    const elsewhere = join(folder, 'elsewhere.yaml');
    writeFileSync(elsewhere, NETWORK);
    for (const name of ['x1', 'x2', 'x3']) await inOffice({ policy: elsewhere }, [], (one) => archive(one, at(name)));
    writeFileSync(journal(), readFileSync(join(folder, 'elsewhere.gauze', 'journal')));
    expect(await bring('b')).toBe('closed');
    expect((await (await session()).budget()).every(({ remaining }) => remaining.epsilon === 0)).toBe(true);
  });

  it('from after an archive comes back, and what it lacks counts as spent', async () => {
    writeFileSync(policy, ANCHORED);
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await putAway('a1');
    await save('b');
    await (await session()).query(OTHER, { epsilon: 0.25 });
    await endSessions();
    rmSync(state(), { recursive: true });
    expect(await bring('b')).toBe('written-off');
    const asking = await session();
    expect(await spentBy(asking)).toBe(0.75);
    await inOffice({ policy }, [], (office) => freeze(office, 'network', 'looked', 'unfreeze'));
    expect((await asking.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
  });

  it('from after an archive takes the place of a journal from before it', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await endSessions();
    const early = readFileSync(journal());
    await (await session()).query(OTHER, { epsilon: 0.25 });
    await putAway('a1');
    await save('b');
    await endSessions();
    writeFileSync(journal(), early);
    expect(await bring('b')).toBe('closed');
    expect(await spentBy(await session())).toBeGreaterThanOrEqual(0.75);
  });
});

/** Exit code and output of a command. */
async function ran(command: () => Promise<number>): Promise<{ code: number; out: string }> {
  let out = '';
  const caught = (text: unknown): boolean => {
    out += String(text);
    return true;
  };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation(caught as never),
  );
  try {
    return { code: await command(), out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('gauze archive', () => {
  const archived = (flags: object) => ran(() => archiving(at('a1'), { policy, format: 'table', ...flags }));

  it('says what it wrote, and until when it must be kept', async () => {
    writeFileSync(policy, `${NETWORK}\nretention: { years: 10 }\n`);
    await (await session()).query(COUNT, { epsilon: 0.5 });
    const { code, out } = await archived({ format: 'json' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      file: at('a1'),
      digest: sha256Hex(readFileSync(at('a1'))),
      first: 1,
      last: linesIn(readFileSync(at('a1'))).length,
      keepUntil: '2036-03-10',
    });
    const again = await archived({});
    expect(again).toMatchObject({ code: 2, out: expect.stringContaining('never overwritten') });
  });

  it('is for officers', async () => {
    writeFileSync(policy, rewritten('principals:', 'principals:\n  mr-ito: { roles: [officer] }', NETWORK));
    await (await session()).query(COUNT, { epsilon: 0.5 });
    expect((await archived({ as: 'dr-lee' })).out).toContain('POLICY_ROLE');
    expect(existsSync(at('a1'))).toBe(false);
    expect(await archived({ as: 'mr-ito' })).toMatchObject({
      code: 0,
      out: expect.stringContaining('Keep it until 2032-03-10'),
    });
  });
});

describe('gauze verify', () => {
  const checked = async (file: string, flags: object = {}): Promise<{ code: number; out: string } & Checked> => {
    const made = await ran(() => verify(file, { format: 'json', ...flags }));
    return { ...made, ...(JSON.parse(made.out) as Checked) };
  };

  /** Two archives and a journal, with a question in each. */
  const three = async (): Promise<Release> => {
    const asking = await session();
    const release = await asking.query(COUNT, { epsilon: 0.5 });
    await putAway('a1');
    await asking.query(OTHER, { epsilon: 0.25 });
    await inOffice({ policy }, [], (office) => rotateKey(office, office.folder));
    await endSessions();
    await putAway('a2');
    await (await session()).query('SELECT COUNT(*) AS k FROM person WHERE birth_year > 1987', { epsilon: 0.25 });
    await endSessions();
    return release;
  };

  it('checks each archive by itself, and the journal, which says what lies elsewhere', async () => {
    await three();
    expect(await checked(at('a1'))).toMatchObject({ code: 0, kind: 'journal', valid: true });
    const second = await checked(at('a2'));
    expect(second).toMatchObject({ code: 0, valid: true });
    expect(second.facts.join()).toMatch(/^Entries \d+ to \d+ follow/);
    expect(second.warnings.join()).toContain('--archive FILE');
    expect(await checked(journal())).toMatchObject({ code: 0, valid: true });
  });

  it('checks them as one chain, in whatever order they are given, back to the first key', async () => {
    await three();
    const both = { archive: [at('a2'), at('a1')] };
    const whole = await checked(journal(), both);
    expect(whole).toMatchObject({ code: 0, valid: true });
    expect(whole.warnings.join()).not.toContain('archive');
    const [first = ''] = whole.publicKeys;
    expect(await checked(journal(), { ...both, publicKey: first })).toMatchObject({ code: 0 });
    expect(await checked(journal(), { publicKey: first })).toMatchObject({ code: 5 });
    expect(await checked(journal(), { archive: [at('a2')] })).toMatchObject({ code: 0 });
    expect(await checked(journal(), { archive: [at('a1')] })).toMatchObject({ code: 5, valid: false });
    expect(await checked(at('a2'), { archive: [journal()] })).toMatchObject({ code: 5, valid: false });
  });

  it('finds a changed archive, one that is cut off, and a journal that its archive does not add up to', async () => {
    await three();
    const text = readFileSync(at('a1'), 'utf8');
    writeFileSync(at('changed'), text.replace('"epsilon":"500000000000"', '"epsilon":"5"'));
    expect(await checked(journal(), { archive: [at('changed'), at('a2')] })).toMatchObject({ code: 5 });
    writeFileSync(at('short'), text.slice(0, -10));
    expect((await checked(journal(), { archive: [at('short'), at('a2')] })).why).toContain('cut off');
    // Whoever holds the key can sign any sums; the archive shows that they are none of its own.
    const lines = linesIn(readFileSync(journal())).map((line) => String(Buffer.from(line)));
    const entry = JSON.parse(lines[0]?.slice(lines[0].indexOf('{')) ?? '') as Entry;
    const content = entry.content as CheckpointEntry;
    const state1 = { ...content.state, losses: [], payments: [] };
    const { bytes } = writeEntry({ ...entry, content: { ...content, state: state1 } }, keyIn(join(state(), 'key')));
    writeFileSync(at('forged'), Buffer.concat([bytes, Buffer.from('\n')]));
    expect(await checked(at('forged'))).toMatchObject({ code: 0 });
    expect(await checked(at('forged'), { archive: [at('a2')] })).toMatchObject({
      code: 5,
      why: expect.stringContaining('something else than the archived entries add up to'),
    });
    writeFileSync(at('empty'), '');
    expect(await checked(at('empty'), { archive: [at('a2')] })).toMatchObject({
      code: 5,
      out: expect.stringContaining('is empty'),
    });
  });

  it('finds a checkpoint in the middle of a file', async () => {
    await three();
    writeFileSync(at('joined'), Buffer.concat([readFileSync(at('a2')), readFileSync(journal())]));
    expect(await checked(at('joined'))).toMatchObject({
      code: 5,
      why: expect.stringContaining('the first of a journal alone'),
    });
  });

  it('checks a receipt from before an archive with the archive, and one from after it without', async () => {
    const release = await three();
    writeFileSync(at('receipt'), JSON.stringify(release.receipt));
    const both = [at('a1'), at('a2')];
    const alone = await checked(at('receipt'), { journal: journal() });
    expect(alone).toMatchObject({ code: 5, why: expect.stringContaining('lies in an archive') });
    expect(await checked(at('receipt'), { journal: journal(), archive: both })).toMatchObject({ code: 0 });
    const late = await (await session()).query('SELECT COUNT(*) AS j FROM visit WHERE ward = $w', {
      epsilon: 0.25,
      params: { w: 'icu' },
    });
    writeFileSync(at('late'), JSON.stringify(late.receipt));
    expect(await checked(at('late'), { journal: journal() })).toMatchObject({ code: 0 });
  });

  it('holds a journal to an anchor from before its archive', async () => {
    writeFileSync(policy, ANCHORED);
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await endSessions();
    writeFileSync(at('old.anchor'), readFileSync(at('safe.anchor')));
    await putAway('a1');
    const anchor = at('old.anchor');
    expect(await checked(journal(), { anchor })).toMatchObject({ code: 0 });
    expect(await checked(journal(), { anchor, archive: [at('a1')] })).toMatchObject({ code: 0 });
    await (await session()).query(OTHER, { epsilon: 0.25 });
    await endSessions();
    const newest = at('safe.anchor');
    expect(await checked(journal(), { anchor: newest })).toMatchObject({ code: 0 });
    expect(await checked(at('a1'), { anchor: newest })).toMatchObject({ code: 5 });
  });
});

describe('commands about the records', () => {
  const since = { policy, from: '2026-03-01', to: '2026-03-31', format: 'json' } as const;
  const asked = (out: string): number => (JSON.parse(out) as { asked: number }).asked;
  const spanOf = (out: string): { from: string; archivedUntil: string } => {
    const { period, archivedUntil } = JSON.parse(out) as Transparency;
    return { from: period.from, archivedUntil: archivedUntil ?? '' };
  };

  it('see what is in the journal, say what is not, and take archives', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    const flags = { ...since, policy };
    const before = await ran(() => transparency(flags));
    await putAway('a1');
    for (const command of [transparency, evidence, incident]) {
      const { code, out } = await ran(() => command(flags));
      expect([code, out]).toEqual([2, expect.stringContaining('lie in an archive')]);
    }
    const withArchive = await ran(() => transparency({ ...flags, archive: [at('a1')] }));
    expect(withArchive.code).toBe(0);
    expect(JSON.parse(withArchive.out)).toEqual(JSON.parse(before.out));
    expect(asked(before.out)).toBe(1);
    expect(asked((await ran(() => transparency({ policy, format: 'json' }))).out)).toBe(0);
    // Without the archive nothing may read as if the day had been whole and quiet.
    const { from, archivedUntil } = spanOf((await ran(() => transparency({ policy, format: 'json' }))).out);
    expect([from > archivedUntil, archivedUntil.slice(0, 10)]).toEqual([true, '2026-03-10']);
    const clock = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC`;
    const page = (await ran(() => transparency({ policy, format: 'table' }))).out;
    expect(page).toContain(`covers ${clock(from)} to`);
    expect(page).toContain(`until ${clock(archivedUntil)}, lie in an archive and are not counted here`);
    expect((await ran(() => transparency({ ...flags, format: 'table', archive: [at('a1')] }))).out).toContain(
      'covers 2026-03-01 to 2026-03-31.',
    );
    expect((await ran(() => evidence({ ...flags, archive: [at('a1')] }))).code).toBe(0);
    const pack = JSON.parse((await ran(() => evidence({ policy, format: 'json' }))).out) as Pack;
    expect(pack.index.body.notes[0]).toContain(`until ${archivedUntil}, lie in an archive that was not given`);
    for (const { id, content, note } of pack.artefacts) {
      expect([id, note?.includes('not counted') ?? false]).toEqual([id, content !== null]);
    }
    const { out } = await ran(() => budgetHistory({ policy, format: 'json' }));
    const { history } = JSON.parse(out) as { readonly history: readonly { readonly what: string }[] };
    expect(history.map(({ what }) => what)).toEqual(['archived']);
  });
});
