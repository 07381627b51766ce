/** What officers, stewards and recipients do, seen by sessions over real files. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyIn, makeKey } from '../../src/crypto/keys.node.ts';
import type { GauzeError } from '../../src/errors.ts';
import { accept, approve, freeze } from '../../src/govern/acts.ts';
import { backUp } from '../../src/govern/backup.node.ts';
import { bringIntoForce } from '../../src/govern/in-force.ts';
import { renewAnchors } from '../../src/govern/journal.node.ts';
import { replaceLostKey, rotateKey } from '../../src/govern/keys.node.ts';
import { type Restored, restore } from '../../src/govern/restore.node.ts';
import { withdrawnIn } from '../../src/govern/withdrawals.node.ts';
import { inOffice } from '../../src/index/office.node.ts';
import { type OpenOptions, open, parsePolicy, registerData, type Session } from '../../src/index.node.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';

const COUNT = 'SELECT COUNT(*) AS n FROM visit';
const MONTH = '2026-03';

let data = '';
let folder = '';
let policy = '';
const sessions: Session[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gauze-office-data-'));
  await writeNetwork(data);
});

beforeEach(async () => {
  await endAll();
  folder = mkdtempSync(join(tmpdir(), 'gauze-office-'));
  policy = join(folder, 'network.yaml');
  writeFileSync(join(folder, 'network.duckdb'), readFileSync(join(data, 'network.duckdb')));
  write(NETWORK);
});

afterAll(async () => {
  await endAll();
  rmSync(data, { recursive: true, force: true });
});

async function endAll(): Promise<void> {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
}

function write(text: string): void {
  writeFileSync(policy, text);
}

async function session(options: Partial<OpenOptions> = {}): Promise<Session> {
  const opened = await open({ policy, as: 'dr-lee', clock: () => new Date(`${MONTH}-10T12:00:00Z`), ...options });
  sessions.push(opened);
  return opened;
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: GauzeError) => error.code ?? String(error),
  );

const state = () => join(folder, 'network.gauze');
const journal = () => join(state(), 'journal');
const at = () => ({ folder: state(), base: folder });
const now = new Date(`${MONTH}-11T12:00:00Z`);
const spentBy = async (opened: Session) => (await opened.budget()).map(({ spent }) => spent.epsilon);

describe('a stop', () => {
  it('ends new and stored answers at once, for sessions that are open, and is in the chain', async () => {
    const asking = await session();
    await asking.query(COUNT, { epsilon: 0.5 });
    await inOffice({ policy }, ['officer'], (office) => freeze(office, 'network', 'complaint', 'freeze'));
    expect(await codeOf(asking.query(COUNT, { epsilon: 0.5 }))).toBe('DATASET_FROZEN');
    expect(await codeOf(asking.query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.5 }))).toBe('DATASET_FROZEN');
    expect(readFileSync(journal(), 'utf8')).toContain('"reason":"complaint"');
    await inOffice({ policy }, ['officer'], (office) => freeze(office, 'network', '', 'unfreeze'));
    expect((await asking.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
  });
});

describe('rules', () => {
  const officers = (): string => {
    for (const name of ['kim', 'ito']) if (!existsSync(join(folder, name))) makeKey(join(folder, name));
    const keyOf = (name: string) => keyIn(join(folder, name)).publicKey;
    return NETWORK.replace('gauze: 1', 'gauze: 1\napproval: { secondOfficer: true }').replace(
      'principals:',
      `principals:\n  dr-kim: { roles: [officer], key: ${keyOf('kim')} }\n  dr-ito: { roles: [officer], key: ${keyOf('ito')} }`,
    );
  };
  const sign = (name: string) =>
    inOffice({ policy, as: `dr-${name}` }, ['officer'], (office) => approve(office, keyIn(join(folder, name))));

  it('that widen wait for two officers of the rules in force, and narrowing does not', async () => {
    write(officers());
    await session();
    const wider = officers().replace('epsilon: 10, delta: 1e-6', 'epsilon: 11, delta: 1e-6');
    expect(wider).not.toBe(officers());
    write(wider);
    expect(await codeOf(session())).toBe('POLICY_UNAPPROVED');
    await sign('kim');
    await sign('kim');
    expect(await codeOf(session())).toBe('POLICY_UNAPPROVED');
    await expect(
      inOffice({ policy, as: 'dr-ito' }, ['officer'], (office) => approve(office, keyIn(join(folder, 'kim')))),
    ).rejects.toMatchObject({ code: 'POLICY_ROLE' });
    await sign('ito');
    expect((await (await session()).budget())[0]?.limit.epsilon).toBe(11);
    write(officers().replace('epsilon: 10, delta: 1e-6', 'epsilon: 2, delta: 1e-6'));
    expect((await (await session()).budget())[0]?.limit.epsilon).toBe(2);
  });

  it('that name an officer are widened by him, not by whoever opens a session', async () => {
    const rules = NETWORK.replace('principals:', 'principals:\n  dr-kim: { roles: [officer] }');
    write(rules);
    await session();
    write(rules.replace('roles: [officer]', 'roles: [officer, steward]').replace('epsilon: 10,', 'epsilon: 11,'));
    expect(await codeOf(session())).toBe('POLICY_UNAPPROVED');
    const asWho = (as: string) =>
      inOffice({ policy, as }, ['officer'], ({ ledger, policy: changed, by }) =>
        bringIntoForce(ledger, changed, by, now),
      );
    expect(await codeOf(asWho('dr-lee'))).toBe('POLICY_ROLE');
    await asWho('dr-kim');
    expect((await (await session()).budget())[0]?.limit.epsilon).toBe(11);
  });

  it('do not let an officer be ended by whoever edits the file', async () => {
    const rules = NETWORK.replace('principals:', 'principals:\n  dr-kim: { roles: [officer] }');
    write(rules);
    await session();
    write(rules.replace('roles: [officer]', 'roles: [officer], until: 2020-01-01'));
    expect(await codeOf(session())).toBe('POLICY_UNAPPROVED');
    write(NETWORK);
    expect(await codeOf(session())).toBe('POLICY_UNAPPROVED');
  });

  it('give nobody a role beyond his last day, whatever the clock shows by then', async () => {
    write(NETWORK.replace('principals:', `principals:\n  dr-kim: { roles: [officer], until: ${MONTH}-15 }`));
    await session();
    const on = (day: string) =>
      inOffice({ policy, as: 'dr-kim', clock: () => new Date(`${MONTH}-${day}T12:00:00Z`) }, ['officer'], (office) =>
        freeze(office, 'network', 'x', 'freeze'),
      );
    await on('15');
    expect(await codeOf(on('16'))).toBe('POLICY_ROLE');
    await codeOf((await session({ clock: () => new Date(`${MONTH}-20T12:00:00Z`) })).query(COUNT, { epsilon: 0.1 }));
    expect(await codeOf(on('15'))).toBe('POLICY_ROLE');
  });

  it('do not make an officer of whoever edits the file', async () => {
    write(officers());
    await session();
    const mine = makeKey(join(folder, 'mallory')).publicKey;
    write(officers().replace('principals:', `principals:\n  mallory: { roles: [officer], key: ${mine} }`));
    const asMallory = inOffice({ policy, as: 'mallory' }, ['officer'], (office) =>
      approve(office, keyIn(join(folder, 'mallory'))),
    );
    expect(await codeOf(asMallory)).toBe('POLICY_ROLE');
  });

  it('that changed end sessions under the old ones', async () => {
    const asking = await session();
    await asking.query(COUNT, { epsilon: 0.5 });
    write(NETWORK.replace('epsilon: 10, delta: 1e-6', 'epsilon: 2, delta: 1e-6'));
    await session();
    expect(await codeOf(asking.query(COUNT, { epsilon: 0.5 }))).toBe('POLICY_CHANGED');
    const release = await (await session()).query(COUNT, { epsilon: 0.5 });
    expect(release.receipt?.body.policy).toMatchObject({ version: 2 });
  });

  it('are recorded with what they widened, and can be read again', async () => {
    await session();
    const wider = NETWORK.replace('epsilon: 10, delta: 1e-6', 'epsilon: 11, delta: 1e-6');
    write(wider);
    await inOffice({ policy }, [], ({ ledger, policy: changed }) => bringIntoForce(ledger, changed, 'dr-kim', now));
    const { policy: inForce } = await inOffice({ policy }, [], ({ ledger }) => ledger.records());
    expect(inForce).toMatchObject({
      version: 2,
      entry: { by: 'dr-kim', widened: [expect.stringContaining('10 to 11')] },
    });
    expect(parsePolicy(inForce?.entry.text ?? '').digest).toBe(inForce?.entry.digest);
  });
});

describe('terms', () => {
  it('are accepted before the first question, signed where the policy names a key, and anew when they change', async () => {
    const { publicKey } = makeKey(join(folder, 'lee'));
    const withTerms = (expires: string) =>
      NETWORK.replace('datasets:', `terms: { dua: { recipient: University, expires: ${expires} } }\ndatasets:`).replace(
        'dr-lee:',
        `dr-lee:\n    terms: [dua]\n    key: ${publicKey}`,
      );
    write(withTerms('2026-12-31'));
    const asking = await session();
    expect(await codeOf(asking.query(COUNT, { epsilon: 0.5 }))).toBe('POLICY_TERMS');
    const promise = (file: string | null) =>
      inOffice({ policy, as: 'dr-lee' }, [], (office) => accept(office, 'dua', file === null ? null : keyIn(file)));
    expect(await codeOf(promise(null))).toBe('POLICY_TERMS');
    await promise(join(folder, 'lee'));
    expect((await asking.query(COUNT, { epsilon: 0.5 })).recalled).toBe(false);
    write(withTerms('2026-11-30'));
    expect(await codeOf((await session()).query(COUNT, { epsilon: 0.5 }))).toBe('POLICY_TERMS');
    write(withTerms('2026-01-31'));
    const ended = await session();
    expect(await codeOf(promise(join(folder, 'lee')))).toBe('POLICY_TERMS');
    expect(await codeOf(ended.query(COUNT, { epsilon: 0.5 }))).toBe('POLICY_TERMS');
  });
});

describe('purposes', () => {
  it('are named, counted by themselves, and charged again for a stored answer', async () => {
    write(
      NETWORK.replace('datasets:', 'purposes: { research: {}, quality: {} }\ndatasets:').replace(
        'unit: person.person_id',
        'unit: person.person_id\n    purposes: { research: { budget: { epsilon: 1 } }, quality: { budget: { epsilon: 1 } } }',
      ),
    );
    const asking = await session({ purpose: 'research' });
    expect(await codeOf((await session()).query(COUNT, { epsilon: 0.6 }))).toBe('POLICY_PURPOSE');
    await asking.query(COUNT, { epsilon: 0.6 });
    const again = await asking.query(COUNT, { epsilon: 0.6, purpose: 'quality' });
    expect(again.recalled).toBe(false);
    const budgets = await asking.budget();
    expect(budgets.filter(({ purpose }) => purpose !== null).map(({ spent }) => spent.epsilon)).toEqual([0.6, 0.6]);
    expect(budgets.find(({ principal }) => principal === 'dr-lee')?.spent.epsilon).toBe(0.6);
    expect(await codeOf(asking.query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.6 }))).toBe('BUDGET_EXHAUSTED');
  });
});

describe('answers', () => {
  it('are measured and charged anew where the policy wants no consistent ones', async () => {
    write(NETWORK.replace('gauze: 1', 'gauze: 1\nanswers: { consistent: false }'));
    const asking = await session();
    const first = await asking.query(COUNT, { epsilon: 0.001 });
    const second = await asking.query(COUNT, { epsilon: 0.001 });
    expect([first.recalled, second.recalled]).toEqual([false, false]);
    expect(first.columns[0]?.values).not.toEqual(second.columns[0]?.values);
    expect((await spentBy(asking))[0]).toBeCloseTo(0.002, 9);
  });

  it('that are refused stand in the chain, with their shape and no constants', async () => {
    const asking = await session();
    await codeOf(asking.query("SELECT person_id FROM person WHERE city = 'Secretville'", { epsilon: 0.5 }));
    await codeOf(asking.query('SELECT COUNT(*) AS n FROM visit', { epsilon: 400 }));
    await codeOf(asking.query('SELEKT', { epsilon: 0.5 }));
    const refusals = readFileSync(journal(), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"kind":"refuse"'));
    expect(refusals).toHaveLength(2);
    expect(refusals[1]).toContain('BUDGET_EXHAUSTED');
    expect(readFileSync(journal(), 'utf8')).not.toContain('Secretville');
  });
});

describe('a signing key', () => {
  it('is changed by rotation while sessions are open: theirs end, new ones go on', async () => {
    const asking = await session();
    await asking.query(COUNT, { epsilon: 0.5 });
    await inOffice({ policy }, ['officer'], (office) => rotateKey(office, office.folder));
    expect(await codeOf(asking.query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.5 }))).toBe('LEDGER_KEY');
    const next = await session();
    expect((await next.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
    expect((await spentBy(next))[0]).toBe(0.5);
  });

  it('named by the chain is found, wherever a crash cut the rotation off', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    const before = readFileSync(join(state(), 'key'), 'utf8');
    await inOffice({ policy }, ['officer'], (office) => rotateKey(office, office.folder));
    const { publicKey } = keyIn(join(state(), 'key'));
    writeFileSync(join(state(), `key.next-${publicKey}`), readFileSync(join(state(), 'key'), 'utf8'));
    writeFileSync(join(state(), 'key'), before);
    expect((await (await session()).query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
    expect(readFileSync(join(state(), 'key'), 'utf8')).not.toBe(before);
    expect(existsSync(join(state(), `key.next-${publicKey}`))).toBe(false);
  });

  it('that is lost closes the journal until another takes its place, and nothing is spent again', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    rmSync(join(state(), 'key'));
    expect(await codeOf(session())).toBe('LEDGER_KEY');
    await replaceLostKey(parsePolicy(NETWORK), at(), null, now);
    const next = await session();
    expect((await next.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
    expect((await spentBy(next))[0]).toBe(0.5);
  });
});

describe('a backup', () => {
  const unfreeze = () =>
    inOffice({ policy }, ['officer'], (office) => freeze(office, 'network', 'checked', 'unfreeze'));
  const save = (name: string) =>
    inOffice({ policy }, [], (office) => backUp(office, office.store, office.folder, join(folder, name)));
  const bring = (name: string): Promise<Restored> =>
    restore(parsePolicy(readFileSync(policy, 'utf8')), at(), join(folder, name), null, now);

  it('brought back onto a newer journal lowers nothing', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    const asking = await session();
    await asking.query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.25 });
    expect(await bring('b')).toBe('kept');
    expect((await spentBy(await session()))[0]).toBe(0.75);
  });

  it('brought back after a loss, without an anchor, leaves no budget at all', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await (await session()).query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.25 });
    await endSessions();
    rmSync(state(), { recursive: true });
    expect(await bring('b')).toBe('closed');
    const asking = await session();
    expect(await codeOf(asking.query(COUNT, { epsilon: 0.5 }))).toBe('DATASET_FROZEN');
    await unfreeze();
    expect((await asking.budget()).every(({ remaining }) => remaining.epsilon === 0)).toBe(true);
    expect((await asking.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
    expect(await codeOf(asking.query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.001 }))).toBe('BUDGET_EXHAUSTED');
  });

  it('brought back after a loss, with an anchor, counts exactly what is missing', async () => {
    write(NETWORK.replace('gauze: 1', 'gauze: 1\nledger: { anchor: safe.anchor }'));
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await (await session()).query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.25 });
    await endSessions();
    writeFileSync(journal(), `${readFileSync(journal(), 'utf8').slice(0, 2000)}\n{`);
    expect(await codeOf(session())).toBe('LEDGER_CORRUPT');
    expect(await bring('b')).toBe('written-off');
    const asking = await session();
    expect((await spentBy(asking))[0]).toBe(0.75);
    await unfreeze();
    await asking.query('SELECT COUNT(*) AS k FROM person', { epsilon: 0.25 });
  });

  it('copied over the journal by hand gives itself away', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await (await session()).query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.25 });
    await endSessions();
    writeFileSync(journal(), readFileSync(join(folder, 'b', 'journal')));
    expect(await codeOf(session())).toBe('LEDGER_ROLLBACK');
    rmSync(join(state(), 'journal.anchor'));
    rmSync(journal());
    expect(await codeOf(session())).toBe('LEDGER_ROLLBACK');
    rmSync(state(), { recursive: true });
    expect((await spentBy(await session()))[0]).toBe(0);
  });

  it('of a whole folder gives itself away to an anchor that is kept elsewhere', async () => {
    write(NETWORK.replace('gauze: 1', 'gauze: 1\nledger: { anchor: safe.anchor }'));
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await endSessions();
    rmSync(state(), { recursive: true });
    expect(await codeOf(session())).toBe('LEDGER_ROLLBACK');
    expect(existsSync(join(folder, 'safe.anchor'))).toBe(true);
  });

  it('brought back counts what parts of the units had lost, with an anchor and without', async () => {
    for (const [anchored, outcome] of [
      [true, 'written-off'],
      [false, 'closed'],
    ] as const) {
      const rules = NETWORK.replace('unit: person.person_id', 'unit: person.person_id\n    disjoint: person.sex');
      write(anchored ? rules.replace('gauze: 1', 'gauze: 1\nledger: { anchor: safe.anchor }') : rules);
      await (await session()).query(COUNT, { epsilon: 10, part: 'F' });
      await save(`b${anchored}`);
      await (await session()).query(COUNT, { epsilon: 10, part: 'M' });
      await endSessions();
      rmSync(journal());
      expect(await bring(`b${anchored}`)).toBe(outcome);
      await unfreeze();
      const asking = await session();
      for (const part of ['F', 'M']) {
        const more = asking.query('SELECT COUNT(*) AS m FROM visit', { epsilon: 0.1, part });
        expect(await codeOf(more), `${anchored} ${part}`).toBe('BUDGET_EXHAUSTED');
      }
      await endSessions();
      rmSync(state(), { recursive: true });
      rmSync(join(folder, 'safe.anchor'), { force: true });
    }
  });

  it('finished by a second restore, where a crash cut the first one off before the anchors', async () => {
    write(NETWORK.replace('gauze: 1', 'gauze: 1\nledger: { anchor: safe.anchor }'));
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await (await session()).query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.25 });
    await endSessions();
    const anchors = [join(folder, 'safe.anchor'), join(state(), 'journal.anchor')];
    const before = anchors.map((path) => readFileSync(path));
    rmSync(journal());
    expect(await bring('b')).toBe('written-off');
    anchors.forEach((path, index) => {
      writeFileSync(path, before[index] as Buffer);
    });
    expect(await codeOf(session())).toBe('LEDGER_ROLLBACK');
    expect(await bring('b')).toBe('written-off');
    expect((await spentBy(await session()))[0]).toBe(0.75);
  });

  it('is not brought back while the anchor cannot be reached, and nothing is changed meanwhile', async () => {
    write(NETWORK.replace('gauze: 1', 'gauze: 1\nledger: { anchor: share/safe.anchor }'));
    mkdirSync(join(folder, 'share'));
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await (await session()).query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.25 });
    await endSessions();
    rmSync(journal());
    renameSync(join(folder, 'share'), join(folder, 'unmounted'));
    expect(await codeOf(bring('b'))).toBe('LEDGER_UNAVAILABLE');
    mkdirSync(join(folder, 'share'));
    expect(await codeOf(bring('b'))).toBe('LEDGER_ROLLBACK');
    rmSync(join(folder, 'share'), { recursive: true });
    renameSync(join(folder, 'unmounted'), join(folder, 'share'));
    expect(existsSync(journal())).toBe(false);
    expect(await bring('b')).toBe('written-off');
    expect((await spentBy(await session()))[0]).toBe(0.75);
  });

  it('brought back after somebody opened a session on the empty folder gives its answers again', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await endSessions();
    rmSync(state(), { recursive: true });
    await session();
    await endSessions();
    expect(await bring('b')).toBe('closed');
    await unfreeze();
    expect((await (await session()).query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
  });

  it('keeps those away who withdrew, also where the folder has an older list', async () => {
    await session();
    await endSessions();
    const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
    await registerData({ policy, withdrawn: { network: ids(1) } });
    const older = readFileSync(join(state(), 'withdrawn.json'));
    await registerData({ policy, withdrawn: { network: ids(100) } });
    await save('b');
    writeFileSync(join(state(), 'withdrawn.json'), older);
    rmSync(journal());
    await bring('b');
    expect(withdrawnIn(state()).network).toHaveLength(100);
  });

  it('closes also whom the file does not name that day', async () => {
    await session();
    await endSessions();
    await save('b');
    write(NETWORK.replace('dr-lee:', 'dr-new:'));
    rmSync(journal());
    rmSync(join(state(), 'journal.anchor'));
    expect(await bring('b')).toBe('closed');
    write(NETWORK);
    await unfreeze();
    expect(await codeOf((await session()).query(COUNT, { epsilon: 0.1 }))).toBe('BUDGET_EXHAUSTED');
  });

  it('anchors that have seen more are not overwritten by hand', async () => {
    write(NETWORK.replace('gauze: 1', 'gauze: 1\nledger: { anchor: safe.anchor }'));
    await (await session()).query(COUNT, { epsilon: 0.5 });
    const older = readFileSync(journal());
    await (await session()).query('SELECT COUNT(*) AS m FROM person', { epsilon: 0.25 });
    await endSessions();
    writeFileSync(journal(), older);
    const anchored = renewAnchors(parsePolicy(readFileSync(policy, 'utf8')), at());
    expect(await codeOf(anchored)).toBe('LEDGER_ROLLBACK');
  });

  it('made before the key was rotated comes back with its key', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    await inOffice({ policy }, ['officer'], (office) => rotateKey(office, office.folder));
    rmSync(journal());
    expect(await bring('b')).toBe('closed');
    await unfreeze();
    expect((await (await session()).query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
  });

  it('is refused when a file of it was changed', async () => {
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await save('b');
    writeFileSync(join(folder, 'b', 'journal'), '');
    expect(await codeOf(bring('b'))).toBe('CRYPTO_DECODE');
  });

  it('anchors that are taken away close the journal, until an officer trusts it', async () => {
    write(NETWORK.replace('gauze: 1', 'gauze: 1\nledger: { anchor: safe.anchor }'));
    await (await session()).query(COUNT, { epsilon: 0.5 });
    await endSessions();
    rmSync(join(folder, 'safe.anchor'));
    expect(await codeOf(session())).toBe('LEDGER_ROLLBACK');
    await renewAnchors(parsePolicy(readFileSync(policy, 'utf8')), at());
    expect((await (await session()).query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
  });

  async function endSessions(): Promise<void> {
    await Promise.all(sessions.splice(0).map((one) => one.close()));
  }
});

describe('a withdrawal', () => {
  it('begins a data version without the unit; stored answers of the old one are given no more, and cost stays', async () => {
    const asking = await session();
    const before = await asking.query('SELECT COUNT(*) AS n FROM person', { epsilon: 5 });
    const older = readFileSync(join(state(), 'registration.json'));
    const ids = Array.from({ length: 2000 }, (_, index) => String(index + 1));
    await registerData({ policy, withdrawn: { network: ids } });
    expect(await codeOf(asking.query('SELECT COUNT(*) AS n FROM person', { epsilon: 5 }))).toBe('POLICY_DATASET');
    const after = await (await session()).query('SELECT COUNT(*) AS n FROM person', { epsilon: 5 });
    expect(after.recalled).toBe(false);
    expect(Number(after.columns[0]?.values[0])).toBeLessThan(Number(before.columns[0]?.values[0]) - 1000);
    expect(after.receipt?.body.version).not.toBe(before.receipt?.body.version);
    expect(readFileSync(journal(), 'utf8')).toContain('"withdrawal":true');
    const registered = readFileSync(join(state(), 'registration.json'));
    rmSync(join(state(), 'withdrawn.json'));
    expect(await codeOf(session())).toBe('POLICY_DATASET');
    writeFileSync(join(state(), 'registration.json'), older);
    expect(await codeOf(session())).toBe('POLICY_DATASET');
    expect(registered).not.toEqual(older);
  });
});
