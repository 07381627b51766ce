/** No page and no pack claims more than what was charged, what the rules say, and which pieces there are. */
import { describe, expect, it } from 'vitest';
import type { Anchor } from '../../src/charge/anchor.ts';
import { nativeVerify } from '../../src/crypto/sign.node.ts';
import { chronicleOf } from '../../src/evidence/chronicle.ts';
import { makePack, type PackIndex } from '../../src/evidence/pack.ts';
import { printIndex } from '../../src/evidence/pack-markdown.ts';
import { pageOf, printMarkdown } from '../../src/evidence/page.ts';
import { transparencyOf } from '../../src/evidence/transparency.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';
import { charge, KEY, linesIn, RULES, written } from './chains.ts';

const period = { from: '2026-01-01T00:00:00.000Z', to: '2026-12-31T23:59:59.999Z' };
const { bytes } = await written();
const chronicle = await chronicleOf(linesIn(bytes), null, nativeVerify);
const anchor = { sequence: 1, hash: 'a'.repeat(64) } as Anchor;

describe('the page for patients', () => {
  /** The page of one question that was charged this ε, in thousandths, and this δ, in 10⁻¹⁸. */
  function page(...charges: readonly (readonly [milli: number, delta?: number])[]): string {
    const policy = parsePolicy(RULES);
    const told = charges.map(([milli, delta = 0], index) => {
      const { event, plan, principal, dataset, purpose, part, version, time } = charge(policy, milli, 'a', period.from);
      const spend = { epsilon: String(BigInt(milli) * 10n ** 9n), delta: String(delta), rho: '0' };
      const content = { kind: 'reserve', event, plan, principal, dataset, purpose, part, version, time, spend };
      return { entry: index + 1, hash: String(index), content };
    });
    return printMarkdown(pageOf(transparencyOf({ ...chronicle, told } as never, policy, period)));
  }

  it('says that a figure tells almost nothing only where no question was charged more than ε 0.1', () => {
    expect(page([100], [50])).toContain('almost nothing');
    for (const charges of [[[101]], [[10_000]], [[50], [10_000], [50]], []] as const) {
      expect(page(...charges)).not.toContain('almost nothing');
    }
  });

  it('says how much the question could tell that was charged most', () => {
    // e / (1 + e) = 0.73106 and e^10 / (1 + e^10) = 0.99995, rounded up
    expect(page([50], [1000])).toMatch(/charged epsilon 1: .*“73\.2 %”/);
    expect(page([10_000], [50])).toMatch(/charged epsilon 10: .*“more than 99\.9 %”/);
    expect(page([1000])).not.toContain('for each question');
    expect(page([1000, 1e12])).toContain('may fail with a chance of at most 0.000001 for each question');
  });
});

describe('the map of a pack', () => {
  function index(text: string, facts: object = {}): PackIndex {
    const policy = parsePolicy(text);
    const all = { chronicle, policy, budgets: [], period, time: period.to, anchor, where: 'host', ...facts } as const;
    return makePack(all, 'ms-roy', KEY).index.body;
  }
  const rowOf = ({ map }: PackIndex, section: string) => map.find((row) => row.section === section);

  it('names no piece as evidence that the same pack calls absent, and claims nothing on such pieces alone', () => {
    const { artefacts, map } = index(RULES);
    const absent = artefacts.filter(({ status }) => status === 'absent').map(({ id }) => id);
    expect(absent).toEqual(['VAL', 'DID', 'RSK', 'SDC']);
    for (const row of map) {
      expect(row.evidence.filter((id) => absent.includes(id))).toEqual([]);
      expect(row.absent.filter((id) => !absent.includes(id))).toEqual([]);
      if (row.evidence.length === 0) expect([row.section, row.status]).toEqual([row.section, 'out-of-scope']);
    }
    expect(rowOf({ map } as PackIndex, 'implementation')).toMatchObject({ status: 'out-of-scope', absent: ['VAL'] });
    const policy = parsePolicy(RULES);
    const facts = { chronicle, policy, budgets: [], period, time: period.to, anchor, where: 'host' } as const;
    expect(printIndex(makePack(facts, null, KEY))).toMatch(
      /\| implementation \|.*\| out-of-scope \| VAL \(absent\) \|/,
    );
  });

  it('claims purposes, offices, terms, a contact and consent only where the rules have them', () => {
    const [full, bare] = [index(RULES), index(NETWORK)];
    const claims = [
      ['MAP 1.1', 'enforced', 'out-of-scope'],
      ['limitations on use', 'enforced', 'out-of-scope'],
      ['45 CFR 164.502(b), 164.514(d)', 'enforced', 'out-of-scope'],
      ['GOVERN 2.1', 'enforced', 'recorded'],
      ['45 CFR 164.308(a)(3), (a)(4)', 'enforced', 'recorded'],
      ['oversight structure', 'recorded', 'out-of-scope'],
      ['45 CFR 164.514(e)', 'recorded', 'out-of-scope'],
      ['human alternatives', 'recorded', 'out-of-scope'],
      ['data privacy', 'recorded', 'recorded'],
      ['composition', 'enforced', 'enforced'],
    ] as const;
    for (const [section, withRules, without] of claims) {
      expect([section, rowOf(full, section)?.status, rowOf(bare, section)?.status]).toEqual([
        section,
        withRules,
        without,
      ]);
    }
    expect(rowOf(bare, 'MAP 1.1')?.notProvided).toContain('declares no purposes');
    expect(rowOf(full, 'MAP 1.1')?.notProvided).not.toContain('declares no purposes');
  });

  it('enforces nothing where the journal does not verify, or in a page; and no order without an anchor', () => {
    const broken = { ...chronicle, verdict: { ...chronicle.verdict, valid: false } };
    expect(index(RULES).map.some(({ status }) => status === 'enforced')).toBe(true);
    for (const facts of [{ chronicle: broken }, { where: 'page' }]) {
      expect(index(RULES, facts).map.filter(({ status }) => status === 'enforced')).toEqual([]);
    }
    expect(rowOf(index(RULES), '45 CFR 164.312(c)')?.status).toBe('enforced');
    expect(rowOf(index(RULES, { anchor: null }), '45 CFR 164.312(c)')?.status).toBe('recorded');
  });
});
