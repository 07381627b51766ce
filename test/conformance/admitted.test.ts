/** Questions about some units only: engines read the rows of those that the interpreter admits, bit for bit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmittedUnits } from '../../src/ask/ir.ts';
import type { Value } from '../../src/ask/types.ts';
import type { Plan } from '../../src/bound/plan.ts';
import type { Ledger } from '../../src/charge/ledger.ts';
import { Draw, seeded } from '../attack/random.ts';
import { type Admission, changedUnits, withAdmission } from './admission.ts';
import { answers, planOf } from './compare.ts';
import { hospital } from './hospital.ts';
import { admits } from './interpreter/admitted.ts';
import { QUESTIONS } from './questions.ts';
import { interpretPlan, PARAMETERS, richLedger, shown } from './statistics.ts';
import { openWorld, type World } from './world.ts';

const SALT = 0x0fed_cba9_8765_4321n;
const RULES = [
  ...[0, 1, 2, 3, 4, 5].map((rule) => ({ rule, seed: 20 + rule, policy: 'fixed' }) as const),
  // Persons of several rows among them.
  ...[0, 2].map((rule) => ({ rule, seed: 40 + rule, policy: 'drawn' }) as const),
];
/** One in so many questions is asked of each world, another one of each. */
const SHARE = 12;

describe.each(RULES)('consent by rule $rule, hospital $seed ($policy)', ({ rule, seed, policy }) => {
  let parts: Admission;
  let world: World;
  let ledger: Ledger;
  beforeAll(async () => {
    const random = seeded(seed);
    parts = withAdmission(hospital(random, { units: 12, visits: 40, policy }), new Draw(random), rule);
    world = await openWorld(parts);
    ledger = await richLedger();
  });
  afterAll(() => world.close());

  it('is what the interpreter says, and not the same for all', { timeout: 120_000 }, async () => {
    let fewer = 0;
    let refused = 0;
    let asked = 0;
    for (const [at, question] of QUESTIONS.entries()) {
      if (at % SHARE !== rule) continue;
      const meant = parts.meant[asked % parts.meant.length];
      const plan = planOf(question, world.policy, PARAMETERS, meant);
      // Bounds that are drawn may leave a question without any.
      if (plan === null && policy === 'drawn') continue;
      if (plan === null) throw new Error(`The question is refused: ${question}`);
      asked += 1;
      const { expected, found } = await answers(plan, world, ledger, SALT);
      for (const [engine, lines] of found)
        expect(lines, `${engine}: ${question} ${JSON.stringify(meant)}`).toEqual(expected);
      if (differs(plan, world, expected, () => undefined)) fewer += 1;
      if (differs(plan, world, expected, withoutRefusals)) refused += 1;
    }
    expect(asked).toBeGreaterThan(10);
    expect(fewer).toBeGreaterThan(asked / 3);
    // In a register where many say several things, it matters that refusals are heard.
    if (rule === 0) expect(refused).toBeGreaterThan(0);
  });

  it('holds what is declared of the units that are left', async () => {
    for (const engine of world.engines) expect(await engine.verify(world.dataset)).toEqual([]);
  });
});

function withoutRefusals({ consent, part }: AdmittedUnits): AdmittedUnits {
  return { part, consent: consent && { ...consent, refusals: [] } };
}

/** Whether the interpreter says something else of other units. */
function differs(
  plan: Plan,
  world: World,
  expected: readonly string[],
  change: (units: AdmittedUnits) => AdmittedUnits | undefined,
): boolean {
  const changed = plan.questions.map(({ bounded }) => changedUnits(bounded, change));
  return JSON.stringify(shown(interpretPlan(changed, world.database, SALT))) !== JSON.stringify(expected);
}

describe('the interpreter', () => {
  const people: Readonly<Record<string, readonly (string | null)[]>> = {
    'says yes': ['all'],
    'says yes twice, and nothing': ['all', null, 'research'],
    'says nothing': [null],
    'is not there': [],
    'says something else': ['quality', ''],
    'says yes and takes it back': ['all', 'withdrawn'],
    'takes it back': ['withdrawn'],
  };
  const rows = Object.entries(people).flatMap(([unit, said]) => said.map((scope) => ({ unit, scope })));
  const database = { rows: () => rows, unitColumn: () => 'unit' };
  const consent = {
    purpose: 'research',
    table: 'c',
    column: 'scope',
    permits: ['research', 'all'],
    refusals: ['withdrawn'],
  };

  it('admits who said yes and did not take it back', () => {
    const admitted = (unit: Value): boolean => admits({ consent, part: null }, unit, 'd', database);
    expect(Object.keys(people).filter(admitted)).toEqual(['says yes', 'says yes twice, and nothing']);
    expect(admitted(null)).toBe(false);
  });
});
