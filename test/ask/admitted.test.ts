/** Whose units a question says it is about. */
import { describe, expect, it } from 'vitest';
import { walkRelation } from '../../src/ask/fold.ts';
import { type AskOptions, ask, canonical } from '../../src/ask/index.ts';
import type { AdmittedUnits } from '../../src/ask/ir.ts';
import { explainInWords } from '../../src/bound/explain.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { SpannedError } from '../../src/errors.ts';
import { policyFromObject } from '../../src/policy/index.ts';
import { PARAMETERS } from '../conformance/statistics.ts';

const POLICY = policyFromObject({
  gauze: 1,
  purposes: { research: null, quality: null, teaching: null },
  datasets: {
    network: {
      source: 'network.duckdb',
      unit: 'person.person_id',
      contribution: { groups: 4, rows: 20 },
      consent: {
        table: 'consent',
        column: 'scope',
        purposes: { research: ['all', 'research'], quality: ['all'] },
        refusals: ['no'],
      },
      disjoint: 'person.opened',
      tables: {
        person: {
          unit: 'person_id',
          unique: true,
          columns: { opened: { type: 'date', values: ['2015-01-01', '2016-01-01'] }, sex: { type: 'text' } },
        },
        visit: {
          unit: 'person_id',
          columns: { visit_id: { type: 'integer', use: 'join' }, ward: { type: 'text', values: ['icu'] } },
        },
        lab: { unit: { through: 'visit', on: 'visit_id' }, columns: { value: { type: 'double', bounds: [0, 9] } } },
        consent: { unit: 'person_id', columns: { scope: { type: 'text' } } },
        code_name: { public: true, columns: { code: { type: 'text' } } },
      },
    },
    plain: {
      source: 'network.duckdb',
      unit: 'patient.id',
      contribution: { groups: 4, rows: 20 },
      tables: { patient: { unit: 'id', columns: { sex: { type: 'text' } } } },
    },
  },
});

function unitsIn(question: string, options: AskOptions): readonly (AdmittedUnits | undefined)[] {
  const found: (AdmittedUnits | undefined)[] = [];
  walkRelation(ask(question, POLICY, options), (node) => {
    if (node.kind === 'table') found.push(node.units);
  });
  return found;
}

function refusal(question: string, options: AskOptions): string {
  try {
    ask(question, POLICY, options);
  } catch (error) {
    if (!(error instanceof SpannedError)) throw error;
    const place = error.span === null ? '' : ` <${question.slice(error.span.start, error.span.end)}>`;
    return `${error.code}${place}: ${error.message} → ${error.parts.next}`;
  }
  throw new Error('The question is not refused.');
}

const JOINED = 'SELECT COUNT(*) FROM lab JOIN visit USING (visit_id) WHERE person_id IN (SELECT person_id FROM person)';
const consent = {
  purpose: 'research',
  table: 'consent',
  column: 'scope',
  permits: ['all', 'research'],
  refusals: ['no'],
};
const part = { table: 'person', column: 'opened', value: { type: 'date', value: 16436 } };

describe('units that a question is about', () => {
  it('are the same at every protected table, and nobody’s at public ones', () => {
    expect(unitsIn(JOINED, { purpose: 'research' })).toEqual(Array(3).fill({ consent, part: null }));
    expect(unitsIn(JOINED, { purpose: 'research', part: '2015-01-01' })).toEqual(Array(3).fill({ consent, part }));
    expect(unitsIn('SELECT code FROM code_name', { purpose: 'research', part: '2015-01-01' })).toEqual([undefined]);
  });

  it('are all where the data set asks for no consent and no part is named', () => {
    expect(unitsIn('SELECT COUNT(*) FROM patient', { purpose: 'teaching' })).toEqual([undefined]);
    expect(unitsIn('SELECT COUNT(*) FROM patient', {})).toEqual([undefined]);
  });

  it('are nobody for a purpose without consent', () => {
    expect(refusal('SELECT COUNT(*) FROM visit', { purpose: 'teaching' })).toBe(
      'POLICY_PURPOSE <visit>: Nobody in network was asked to consent to the purpose teaching. → Name a purpose that consent is recorded for: research, quality.',
    );
    expect(refusal('SELECT COUNT(*) FROM visit', {})).toBe(
      'POLICY_PURPOSE <visit>: network holds only what people consented to, and no purpose is named. → Name a purpose that consent is recorded for: research, quality.',
    );
  });

  it('are of a part that there is', () => {
    expect(refusal('SELECT COUNT(*) FROM visit', { purpose: 'research', part: '2017-01-01' })).toBe(
      'QUERY_PARAMETER: “2017-01-01” is no public value of person.opened. → Name one of “2015-01-01”, “2016-01-01”.',
    );
    expect(refusal('SELECT COUNT(*) FROM patient', { part: 'F' })).toMatch(
      /^QUERY_PARAMETER: A part is named, and plain has no column that splits its units into parts\./,
    );
  });

  it('tell questions apart', () => {
    const texts = [
      { purpose: 'research' },
      { purpose: 'quality' },
      { purpose: 'research', part: '2015-01-01' },
      { purpose: 'research', part: '2016-01-01' },
    ].map((options) => canonical(ask('SELECT COUNT(*) FROM visit', POLICY, options)));
    expect(new Set(texts).size).toBe(4);
  });

  it('stay with every table of a plan, and are in its proof and its notes', () => {
    const options = { purpose: 'research', part: '2015-01-01' };
    const { plan, notes } = makePlan(ask(JOINED, POLICY, options), POLICY, PARAMETERS, JOINED);
    const tables: unknown[] = [];
    for (const { bounded } of plan.questions) {
      walkRelation(bounded.source, (node) => {
        if (node.kind === 'table') tables.push(node.units);
      });
    }
    expect(tables.length).toBeGreaterThanOrEqual(4);
    for (const units of tables) expect(units).toEqual({ consent, part });
    const words = "units that consented to research (consent.scope) and with person.opened = DATE '2015-01-01'";
    expect(notes).toContain(`Only ${words} are counted.`);
    expect(explainInWords(plan).join('\n')).toContain(`Only rows of ${words} are read`);
    const all = makePlan(ask(JOINED, POLICY, { purpose: 'quality' }), POLICY, PARAMETERS, JOINED).plan;
    expect(all.digest).not.toBe(plan.digest);
  });
});
