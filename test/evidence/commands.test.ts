/** The commands about the records, over the state of real sessions: what they write, what they find, and what they never say. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { evidence } from '../../src/cli/command/evidence.ts';
import { incident } from '../../src/cli/command/incident.ts';
import { transparency } from '../../src/cli/command/transparency.ts';
import { verify } from '../../src/cli/command/verify.ts';
import type { Format } from '../../src/cli/output.ts';
import { canonicalBytes, sha256Hex } from '../../src/crypto/canonical.ts';
import type { Artefact } from '../../src/evidence/artefact/artefact.ts';
import type { Chronicle } from '../../src/evidence/chronicle.ts';
import type { Pack } from '../../src/evidence/pack.ts';
import { pageOf, printHtml, printMarkdown } from '../../src/evidence/page.ts';
import { REQUIREMENTS } from '../../src/evidence/regulations.ts';
import { transparencyOf } from '../../src/evidence/transparency.ts';
import { open } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Receipt, Release } from '../../src/release/release.ts';
import { toJSON } from '../../src/release/serialize.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK, rewritten } from '../policy/network.ts';
import { RULES } from './chains.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-records-'));
const policy = join(folder, 'network.yaml');
const journal = join(folder, 'network.gauze', 'journal');
const at = (name: string): string => join(folder, name);
const span = { from: '2000-01-01', to: '2099-12-31' };
let publicKey = '';

const OFFICES = `principals:
  mr-ito: { roles: [officer] }
  ms-roy: { roles: [auditor] }`;

beforeAll(async () => {
  await writeNetwork(folder);
  writeFileSync(policy, rewritten('principals:', OFFICES, NETWORK));
  const session = await open({ policy, as: 'dr-lee' });
  const release = await session.query('SELECT COUNT(*) AS n FROM person WHERE birth_year > 1987', { epsilon: 0.25 });
  await session.query('SELECT COUNT(*) AS n FROM person', { epsilon: 50 }).catch(() => undefined);
  await session.close();
  publicKey = (release.receipt as Receipt).publicKey;
  writeFileSync(at('answer.json'), JSON.stringify(toJSON(release)));
  writeFileSync(at('answer.arrow'), tableToIPC((release as Release).table, 'file'));
  writeFileSync(at('receipt.json'), JSON.stringify(release.receipt, null, 2));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Exit code and output of a command. */
async function ran(command: () => Promise<number>): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const catching = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    written[stream] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catching('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catching('err')),
  ];
  try {
    return { code: await command(), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const checked = (file: string, flags: object = {}, format: Format = 'json') =>
  ran(() => verify(at(file), { format, ...flags }));

describe('gauze verify', () => {
  it.each([
    ['answer.json', 'answer'],
    ['answer.arrow', 'answer'],
    ['receipt.json', 'receipt'],
    ['network.gauze/journal', 'journal'],
  ])('knows %s by its content, and finds it valid with the public key alone', async (file, kind) => {
    const { code, out } = await checked(file, { publicKey });
    expect(JSON.parse(out)).toMatchObject({ kind, valid: true, firstBad: null });
    expect(code).toBe(0);
    const claimed = JSON.parse((await checked(file)).out) as { warnings: string[] };
    expect(claimed.warnings.join()).toContain(`own claim: ${publicKey}`);
  });

  it('checks a receipt and an answer against the journal', async () => {
    for (const file of ['answer.json', 'answer.arrow', 'receipt.json']) {
      const { code, out } = await checked(file, { publicKey, journal });
      expect([code, JSON.parse(out).facts.join()]).toEqual([0, expect.stringContaining('stand in the journal')]);
    }
  });

  it('takes the receipt of an answer from a file of its own, and the key from one', async () => {
    const { receipt: _, ...bare } = JSON.parse(readFileSync(at('answer.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(at('bare.json'), JSON.stringify(bare));
    writeFileSync(at('key.pub'), `${publicKey}\n`);
    expect((await checked('bare.json', { publicKey })).code).toBe(5);
    expect((await checked('bare.json', { publicKey: at('key.pub'), receipt: at('receipt.json') })).code).toBe(0);
  });

  it('exits with 5 for what was changed, and names the first bad entry', async () => {
    const text = readFileSync(journal, 'utf8');
    const lines = text.trimEnd().split('\n');
    const bad = lines.findIndex((line) => line.includes('"principal":"dr-lee"')) + 1;
    writeFileSync(at('changed'), text.replace('"principal":"dr-lee"', '"principal":"dr-who"'));
    const { code, out } = await checked('changed', { publicKey });
    const report = JSON.parse(out) as { firstBad: { entry: number } };
    expect([code, report.firstBad.entry]).toEqual([5, bad]);
    expect(bad).toBeGreaterThan(1);
    const shown = await checked('changed', { publicKey }, 'table');
    expect(shown.out).toContain(`INVALID at entry ${report.firstBad.entry}`);
    for (const [file, from, to] of [
      ['answer.json', '"epsilon":"0.25"', '"epsilon":"0.05"'],
      ['receipt.json', 'dr-lee', 'dr-who'],
    ] as const) {
      writeFileSync(at(`changed-${file}`), readFileSync(at(file), 'utf8').replace(from, to));
      expect((await checked(`changed-${file}`, { publicKey })).code).toBe(5);
    }
    writeFileSync(at('anything'), 'hello');
    expect((await checked('anything')).code).toBe(5);
    writeFileSync(at('empty'), '');
    for (const flags of [{}, { publicKey }]) expect((await checked('empty', flags)).code).toBe(5);
    expect((await checked('receipt.json', { journal: at('empty') })).code).toBe(5);
    expect((await checked('nowhere')).code).toBe(2);
    expect((await checked('receipt.json', { publicKey: 'abc' })).code).toBe(2);
  });

  it('says of CSV and of tables that they cannot be checked, not that they were changed', async () => {
    writeFileSync(at('answer.csv'), 'n\n12\n');
    writeFileSync(at('named-otherwise'), 'sex,n,n_low,n_high\nF,12,10,14\n');
    writeFileSync(at('table'), 'sex   n\n───  ──\nF    12\n');
    for (const file of ['answer.csv', 'named-otherwise', 'table']) {
      const { code, out } = await checked(file, { receipt: at('receipt.json') });
      expect([code, JSON.parse(out).error]).toEqual([
        2,
        expect.objectContaining({ code: 'USAGE', next: expect.stringContaining('--format json') }),
      ]);
    }
  });

  it('tells the secret half of a key from another public one', async () => {
    const secret = join(folder, 'network.gauze', 'key');
    for (const file of ['network.gauze/journal', 'receipt.json', 'answer.arrow']) {
      for (const given of [secret, readFileSync(secret, 'utf8').trim()]) {
        const { code, out } = await checked(file, { publicKey: given });
        expect([file, code, JSON.parse(out).error.message]).toEqual([file, 2, expect.stringContaining('secret half')]);
        expect(out).not.toContain(readFileSync(secret, 'utf8').trim());
        expect(out).toContain(publicKey);
      }
    }
    const other = await checked('receipt.json', { publicKey: 'a'.repeat(64) });
    expect([other.code, JSON.parse(other.out).why]).toEqual([5, expect.stringContaining('another key')]);
  });

  it('finds an older journal by an anchor', async () => {
    const anchor = join(folder, 'network.gauze', 'journal.anchor');
    expect((await checked('network.gauze/journal', { publicKey, anchor })).code).toBe(0);
    expect((await checked('network.gauze/journal.anchor', { publicKey, journal })).code).toBe(0);
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    writeFileSync(at('older'), `${lines.slice(0, -1).join('\n')}\n`);
    const { code, out } = await checked('older', { publicKey, anchor });
    expect([code, JSON.parse(out).firstBad.entry]).toEqual([5, lines.length]);
  });
});

describe('gauze incident', () => {
  it('exports entries as they are, which verify as part of the journal, and says so in it', async () => {
    const before = readFileSync(journal, 'utf8');
    const { code } = await ran(() =>
      incident({ policy, as: 'ms-roy', ...span, output: at('incident.json'), format: 'json' }),
    );
    expect(code).toBe(0);
    const file = JSON.parse(readFileSync(at('incident.json'), 'utf8')) as {
      body: { entries: string[]; datasets: string[] };
      digest: string;
    };
    expect(`${file.body.entries.join('\n')}\n`).toBe(before);
    expect(file.body.datasets).toEqual(['network']);
    expect(readFileSync(journal, 'utf8').slice(before.length)).toContain(`"digest":"${file.digest}"`);
    const { code: valid, out } = await checked('incident.json', { publicKey, journal });
    expect([valid, JSON.parse(out).facts.join()]).toEqual([
      0,
      expect.stringMatching(/stand in the journal.*was exported/),
    ]);
  });

  it('is found when the file was changed, or is of another journal', async () => {
    const text = readFileSync(at('incident.json'), 'utf8');
    const changes: [string, string][] = [
      ['dr-lee', 'dr-who'],
      ['"from":"2000', '"from":"2001'],
      ['"by":"ms-roy"', '"by":"mr-ito"'],
      [`"publicKey":"${publicKey}"`, `"publicKey":"${'a'.repeat(64)}"`],
    ];
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      writeFileSync(at('changed-incident'), text.replace(from, to));
      expect((await checked('changed-incident', { publicKey })).code, from).toBe(5);
    }
    expect((await checked('incident.json', { publicKey: 'a'.repeat(64) })).code).toBe(5);
    const shorter = readFileSync(journal, 'utf8').split('\n').slice(0, 2).join('\n');
    writeFileSync(at('shorter'), `${shorter}\n`);
    expect((await checked('incident.json', { publicKey, journal: at('shorter') })).code).toBe(5);
  });

  it('takes a part from the middle with the hashes around it', async () => {
    const { out } = await ran(() => incident({ policy, as: 'mr-ito', ...span, format: 'json' }));
    const { body } = JSON.parse(out) as { body: { before: null; after: null; entries: string[] } };
    expect([body.before, body.after]).toEqual([null, null]);
    const none = await ran(() =>
      incident({ policy, as: 'mr-ito', from: '2001-01-01', to: '2001-01-02', format: 'json' }),
    );
    expect(none.code).toBe(2);
  });
});

describe('gauze evidence', () => {
  it('writes every piece, each with its digest, and notes the pack in the journal', async () => {
    const { code, out } = await ran(() => evidence({ policy, as: 'ms-roy', output: at('pack'), format: 'json' }));
    expect(code).toBe(0);
    const { output, index, artefacts } = JSON.parse(out) as Pack & { output: string };
    const { digest } = index;
    expect([output, index.body.chainValid, artefacts.length]).toEqual([at('pack'), true, 11]);
    const { out: bare } = await ran(() => evidence({ policy, as: 'ms-roy', format: 'json' }));
    expect(Object.keys(JSON.parse(bare))).toEqual(Object.keys(JSON.parse(out)));
    expect(JSON.parse(bare).output).toBeNull();
    expect(readFileSync(journal, 'utf8').trimEnd().split('\n').at(-2)).toContain(`"digest":"${digest}"`);
    const ids = ['POL', 'AUD', 'LED', 'TRN', 'INC', 'ACC', 'KEY', 'VAL', 'DID', 'RSK', 'SDC'];
    expect(readdirSync(at('pack')).sort()).toEqual(
      ['README.md', 'index.json', ...ids.flatMap((id) => [`${id}.json`, `${id}.md`])].sort(),
    );
    for (const id of ids) {
      const { sha256, ...said } = JSON.parse(readFileSync(at(`pack/${id}.json`), 'utf8')) as Artefact;
      expect(sha256Hex(canonicalBytes(said))).toBe(sha256);
      expect(readFileSync(at('pack/README.md'), 'utf8')).toContain(sha256);
      expect(said.content === null).toBe(['VAL', 'DID', 'RSK', 'SDC'].includes(id));
      if (said.content === null) expect(readFileSync(at(`pack/${id}.md`), 'utf8')).toContain('absent');
    }
  });

  it('says who asked what for which price, without constants, and what was never used', () => {
    const audit = JSON.parse(readFileSync(at('pack/AUD.json'), 'utf8')).content;
    expect(audit.questions).toMatchObject([
      { principal: 'dr-lee', dataset: 'network', epsilon: '0.25', outcome: 'released', decision: 'allow' },
    ]);
    for (const name of readdirSync(at('pack'))) expect(readFileSync(at(`pack/${name}`), 'utf8')).not.toContain('1987');
    const access = JSON.parse(readFileSync(at('pack/ACC.json'), 'utf8')).content;
    const review = access.principals.find((one: { principal: string }) => one.principal === 'ms-roy');
    expect(review).toMatchObject({ roles: ['auditor'], actsInPeriod: 1, flags: [] });
    expect(access.reviewedBy).toBe('absent');
    expect(JSON.parse(readFileSync(at('pack/LED.json'), 'utf8')).content.chain).toMatchObject({
      valid: true,
      firstBad: null,
    });
    expect(JSON.parse(readFileSync(at('pack/KEY.json'), 'utf8')).content).toMatchObject({
      keys: [{ publicKey }],
      lastAnchor: 'absent',
    });
  });

  it('is checked by its index, with the pieces beside it and the journal', async () => {
    const { code, out } = await checked('pack/index.json', { publicKey, journal });
    expect([code, JSON.parse(out).facts.join()]).toEqual([0, expect.stringContaining('11 pieces')]);
    const text = readFileSync(at('pack/AUD.json'), 'utf8');
    writeFileSync(at('pack/AUD.json'), text.replace('"dr-lee"', '"dr-who"'));
    expect(JSON.parse((await checked('pack/index.json', { publicKey })).out)).toMatchObject({
      valid: false,
      why: 'its piece AUD was changed',
    });
    writeFileSync(at('pack/AUD.json'), text);
    const index = readFileSync(at('pack/index.json'), 'utf8');
    writeFileSync(at('other-index.json'), index.replace('"chainValid": true', '"chainValid": false'));
    expect((await checked('other-index.json', { publicKey })).code).toBe(5);
    expect((await checked('pack/index.json', { publicKey: 'a'.repeat(64) })).code).toBe(5);
  });

  it('never calls anything compliant, certified, anonymous or without risk', () => {
    const words = /\b(?:compliant|compliance|certified|certifies|anonymous|anonymi[sz]ed|zero risk|no risk)\b/i;
    for (const name of readdirSync(at('pack'))) expect(readFileSync(at(`pack/${name}`), 'utf8')).not.toMatch(words);
    expect(JSON.stringify(REQUIREMENTS)).not.toMatch(words);
    expect(REQUIREMENTS.every(({ notProvided }) => notProvided !== '')).toBe(true);
  });

  it('is for officers and auditors, overwrites nothing, and takes spans that are some', async () => {
    const flags = { policy, format: 'json' } as const;
    for (const as of [undefined, 'dr-lee', 'nobody']) {
      const { code, out } = await ran(() => evidence({ ...flags, ...(as === undefined ? {} : { as }) }));
      expect([code, JSON.parse(out).error.code]).toEqual([3, 'POLICY_ROLE']);
      const other = await ran(() => incident({ ...flags, ...span, ...(as === undefined ? {} : { as }) }));
      expect(JSON.parse(other.out).error.code).toBe('POLICY_ROLE');
    }
    expect((await ran(() => evidence({ ...flags, as: 'mr-ito', output: at('pack') }))).code).toBe(2);
    for (const bad of [
      { from: '2026-13-01' },
      { from: '2026-02-30' },
      { from: '2026-03-01', to: '2026-02-01' },
      { to: 'soon' },
    ]) {
      expect((await ran(() => evidence({ ...flags, as: 'mr-ito', ...bad }))).code).toBe(2);
    }
  });
});

describe('gauze transparency', () => {
  it('writes a page in plain words, as Markdown, HTML or JSON', async () => {
    const { code, out } = await ran(() => transparency({ policy, format: 'table' }));
    expect(code).toBe(0);
    expect(out).toContain('1 question answered');
    expect(out).not.toMatch(/dr-lee|mr-ito|1987/);
    expect((await ran(() => transparency({ policy, output: at('page.html'), format: 'json' }))).code).toBe(0);
    expect(readFileSync(at('page.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(existsSync(at('page.html'))).toBe(true);
    const refused = await ran(() => transparency({ policy, output: at('page.pdf'), format: 'json' }));
    expect([refused.code, JSON.parse(refused.out).error.code]).toEqual([2, 'USAGE']);
    expect(existsSync(at('page.pdf'))).toBe(false);
  });

  it('is honest about large limits, and lets no name be markup', () => {
    const rules = RULES.replace('contact: privacy@hospital.example', 'contact: "<script>*x*</script>"');
    const chronicle = { told: [], verdict: {}, outcomes: new Map() } as unknown as Chronicle;
    const blocks = pageOf(transparencyOf(chronicle, parsePolicy(rules), { from: '2026-01-01', to: '2026-02-01' }));
    expect(printMarkdown(blocks)).toContain('weak promise');
    expect(printMarkdown(blocks)).toContain('\\<script\\>\\*x\\*');
    expect(printHtml(blocks)).not.toContain('<script>');
    const small = rules
      .replace('budget: { epsilon: 20, delta: 1e-5 }', 'budget: { epsilon: 1 }')
      .replace(/renews: month/, 'renews: month');
    const text = printMarkdown(
      pageOf(transparencyOf(chronicle, parsePolicy(small), { from: '2026-01-01', to: '2026-02-01' })),
    );
    // e / (1 + e) = 0.73106, rounded up
    expect(text).toContain('“73.2 %”');
    expect(text).not.toContain('weak promise');
  });
});
