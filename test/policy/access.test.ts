/** Rules of access one by one, and where in the question each is told. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { keyFrom, verify } from '../../src/crypto/sign.ts';
import { GauzeError, locate } from '../../src/errors.ts';
import { columnPath, signedText, termsDigest, termsOf, unusedColumns } from '../../src/policy/access.ts';
import { type Policy, type PolicyInput, policyFromObject } from '../../src/policy/index.ts';
import { checkAccess } from '../../src/session/access.ts';

const INPUT = {
  gauze: 1,
  purposes: { research: null, care: { sensitive: ['hiv', 'mental-health'] }, quality: null },
  terms: {
    consortium: { recipient: 'University', purposes: ['research', 'care'], expires: '2026-06-30' },
    network: { recipient: 'University', expires: '2027-01-01', text: 'Nobody is sought in the answers.' },
  },
  datasets: {
    network: {
      source: 'network.duckdb',
      unit: 'person.person_id',
      contribution: { groups: 4, rows: 20 },
      purposes: ['research', 'care'],
      tables: {
        person: {
          unit: 'person_id',
          unique: true,
          columns: {
            sex: { type: 'text', values: ['F', 'M'] },
            city: { type: 'text', purposes: ['care'] },
            hiv: { type: 'boolean', sensitive: 'hiv' },
            genome: { type: 'text', sensitive: 'genetic' },
          },
        },
        visit: {
          unit: 'person_id',
          columns: { ward: { type: 'text' }, cost: { type: 'double', bounds: [0, 9] } },
        },
        code_name: { public: true, columns: { code: { type: 'text' } } },
      },
    },
  },
  principals: {
    lee: { budgets: [{ dataset: 'network', epsilon: 1 }], until: '2026-12-31', deny: ['network.visit.cost'] },
    kim: {
      budgets: [{ dataset: 'network', epsilon: 1 }],
      purposes: ['research', 'quality'],
      terms: ['consortium', 'network'],
    },
    oda: { roles: ['auditor', 'steward'] },
  },
} satisfies PolicyInput;

const POLICY = policyFromObject(INPUT);
const { purposes: _, terms: __, ...plain } = INPUT;
/** The same without purposes. */
const PLAIN = policyFromObject({
  ...plain,
  datasets: {
    network: {
      ...plain.datasets.network,
      purposes: undefined,
      tables: {
        ...plain.datasets.network.tables,
        person: {
          ...plain.datasets.network.tables.person,
          columns: { sex: { type: 'text' }, hiv: { type: 'boolean', sensitive: 'hiv' } },
        },
      },
    },
  },
  principals: { lee: { budgets: [{ dataset: 'network', epsilon: 1 }] } },
} as never);

interface Asked {
  readonly policy?: Policy;
  readonly principal?: string;
  readonly purpose?: string | null;
  readonly day?: string;
}

/** The columns that a question uses. */
function columns(question: string, asked: Asked = {}): readonly string[] {
  const { policy = POLICY, principal = 'lee', purpose = 'research', day = '2026-05-01' } = asked;
  const dataset = /FROM (person|visit|lab)\b/.test(question) ? (policy.datasets.get('network') ?? null) : null;
  return checkAccess({ policy, principal, purpose, day }, ask(question, policy), dataset).columns;
}

/** The refusal as `CODE <place>: message → next`. */
function refusal(question: string, asked: Asked = {}): string {
  try {
    columns(question, asked);
  } catch (thrown) {
    const error = locate(thrown, question);
    if (!(error instanceof GauzeError)) throw error;
    const { at } = error;
    const place = at === null ? '' : ` <${question.slice(at.column - 1, at.column - 1 + at.length)}>`;
    return `${error.code}${place}: ${error.message} → ${error.next}`;
  }
  throw new Error('The question is not refused.');
}

const COUNT = 'SELECT COUNT(*) FROM visit';

describe('who may ask', () => {
  it('is told the columns that he uses', () => {
    expect(
      columns("SELECT ward, COUNT(*) FROM visit JOIN person USING (person_id) WHERE sex = 'F' GROUP BY ward"),
    ).toEqual(['person.person_id', 'person.sex', 'visit.person_id', 'visit.ward']);
    expect(columns('SELECT code FROM code_name')).toEqual(['code_name.code']);
  });

  it('is a researcher', () => {
    expect(refusal(COUNT, { principal: 'oda' })).toBe(
      'POLICY_ROLE: oda is no researcher, and only researchers ask questions. → Ask as a principal whose roles include researcher, or have the privacy officer add that role.',
    );
  });

  it('is known to the policy', () => {
    expect(refusal(COUNT, { principal: 'nobody' })).toMatch(/^POLICY_PRINCIPAL: The policy names no such principal/);
  });

  it('has not gone', () => {
    expect(columns(COUNT, { day: '2026-12-31' })).toEqual([]);
    expect(refusal(COUNT, { day: '2027-01-01' })).toMatch(/^POLICY_PRINCIPAL: The access of lee ended with 2026-12-31/);
  });
});

describe('the purpose', () => {
  it.each<readonly [string, Asked, string]>([
    ['is named where there are any', { purpose: null }, 'and this one names no purpose. → Name one of research, care.'],
    ['is one of the policy', { purpose: 'reserch' }, 'declares no purpose "reserch". → Did you mean research?'],
    ['is one of the policy, near or not', { purpose: 'x' }, '"x". → Name one of research, care.'],
    [
      'is one of the principal',
      { principal: 'kim', purpose: 'care' },
      'kim may not ask for the purpose care. → Name the purpose research.',
    ],
    [
      'is one of the data set',
      { purpose: 'quality' },
      'The data set network may not be asked for the purpose quality. → Name one of research, care.',
    ],
    [
      'is none where there are none',
      { policy: PLAIN },
      'A purpose is named, and the policy declares none. → Leave the purpose out',
    ],
  ])('%s', (_name, asked, expected) => {
    const words = refusal(COUNT, asked);
    expect(words).toMatch(/^POLICY_PURPOSE: /);
    expect(words).toContain(expected);
  });

  it('is asked of public tables, too', () => {
    expect(columns('SELECT code FROM code_name', { purpose: 'quality' })).toEqual(['code_name.code']);
    expect(refusal('SELECT code FROM code_name', { purpose: null })).toMatch(/^POLICY_PURPOSE/);
  });

  it('may be left out where there are none', () => {
    expect(columns(COUNT, { policy: PLAIN, purpose: null })).toEqual([]);
  });
});

describe('columns', () => {
  it('are closed to a principal', () => {
    expect(refusal('SELECT ward, AVG(v.cost) FROM visit AS v GROUP BY ward')).toBe(
      'POLICY_COLUMN <v.cost>: visit.cost is closed to lee. → Leave the column out, or ask the privacy officer to open it: deny, under the principal in the policy.',
    );
    expect(columns('SELECT AVG(cost) FROM visit', { principal: 'kim' })).toEqual(['visit.cost']);
    expect(columns('SELECT COUNT(*) FROM (SELECT * FROM visit) AS v')).toEqual([]);
    expect(
      refusal(
        'SELECT COUNT(*) FROM visit WHERE EXISTS (SELECT 1 FROM visit AS w WHERE w.person_id = visit.person_id AND w.cost > 1)',
      ),
    ).toMatch(/^POLICY_COLUMN <w.cost>/);
  });

  it('are closed to a purpose', () => {
    expect(refusal("SELECT COUNT(*) FROM person WHERE city = 'x'")).toBe(
      'POLICY_PURPOSE <city>: person.city may not be used for the purpose research. → Leave the column out, or, if that is what you ask for, name the purpose care.',
    );
    expect(columns("SELECT COUNT(*) FROM person WHERE city = 'x'", { purpose: 'care' })).toEqual(['person.city']);
  });

  it('of sensitive topics want a purpose that permits them', () => {
    expect(refusal('SELECT COUNT(*) FILTER (WHERE hiv) FROM person')).toBe(
      'POLICY_SENSITIVE <hiv>: person.hiv is specially protected (sensitive: hiv), and the purpose research does not permit it. → Leave the column out, or, if that is what you ask for, name the purpose care.',
    );
    expect(columns('SELECT COUNT(*) FILTER (WHERE hiv) FROM person', { purpose: 'care' })).toEqual(['person.hiv']);
    expect(refusal('SELECT COUNT(genome) FROM person', { purpose: 'care' })).toMatch(
      /\(sensitive: genetic\).* → Leave the column out; no purpose that is open to you permits it\.$/,
    );
    expect(refusal('SELECT COUNT(hiv) FROM person', { policy: PLAIN, purpose: null })).toMatch(
      /^POLICY_SENSITIVE <hiv>: .*\(sensitive: hiv\), and the policy declares no purpose that permits it/,
    );
  });
});

describe('terms', () => {
  it('hold until their last day, and for the purposes they cover', () => {
    expect(columns(COUNT, { principal: 'kim', day: '2026-06-30' })).toEqual([]);
    expect(refusal(COUNT, { principal: 'kim', day: '2026-07-01' })).toBe(
      'POLICY_TERMS: The terms consortium ended with 2026-06-30. → Ask the privacy officer to renew the agreement and its terms in the policy.',
    );
    expect(refusal('SELECT code FROM code_name', { principal: 'kim', purpose: 'quality' })).toBe(
      'POLICY_TERMS: The terms consortium do not cover the purpose quality. → They cover research, care: ask for such a purpose, or have the agreement widened.',
    );
  });

  it('to be accepted are those that cover the purpose', () => {
    const names = (purpose: string | null): readonly string[] =>
      termsOf(POLICY, 'kim', purpose).map(({ name }) => name);
    expect(names('research')).toEqual(['consortium', 'network']);
    expect(names('quality')).toEqual(['network']);
    expect(names(null)).toEqual(['network']);
    expect(termsOf(POLICY, 'lee', 'research')).toEqual([]);
  });

  it('are signed as they stand', () => {
    const terms = POLICY.terms.get('consortium')!;
    const digest = termsDigest(terms);
    expect(termsDigest({ ...terms, purposes: new Set(['care', 'research']) })).toBe(digest);
    for (const changed of [
      { ...terms, purposes: null },
      { ...terms, purposes: new Set(['care']) },
      { ...terms, expires: '2026-07-01' },
      { ...terms, recipient: 'Company' },
      { ...terms, text: '' },
      { ...terms, agreement: '7' },
      { ...terms, name: 'other' },
    ]) {
      expect(termsDigest(changed)).not.toBe(digest);
    }
    const key = keyFrom(new Uint8Array(32).fill(3));
    const signature = key.sign(signedText(digest));
    expect(verify(signedText(digest), signature, key.publicKey)).toBe(true);
    expect(verify(new TextEncoder().encode(digest), signature, key.publicKey)).toBe(false);
    expect(new TextDecoder().decode(signedText(digest))).toBe(`gauze terms v1\n${digest}`);
  });
});

describe('columns that nobody used', () => {
  const unused = (principal: string | null, used: readonly string[]): readonly string[] =>
    unusedColumns(POLICY, principal, used).map(columnPath);

  it('are those allowed and not among the used', () => {
    expect(unused('lee', [])).toEqual([
      'network.person.sex',
      'network.person.city',
      'network.person.hiv',
      'network.visit.ward',
    ]);
    expect(unused('lee', ['network.visit.ward', 'network.person.hiv', 'elsewhere.x.y'])).toEqual([
      'network.person.sex',
      'network.person.city',
    ]);
    expect(unused('kim', [])).toEqual(['network.person.sex', 'network.visit.ward', 'network.visit.cost']);
    expect(unused('oda', [])).toEqual([]);
    expect(unused('nobody', [])).toEqual([]);
  });

  it('are looked for over all principals', () => {
    expect(unused(null, ['network.visit.ward'])).toEqual([
      'network.person.sex',
      'network.person.city',
      'network.person.hiv',
      'network.visit.cost',
    ]);
  });

  it('are never sensitive where no purpose could permit them', () => {
    expect(unusedColumns(PLAIN, null, []).map(columnPath)).toEqual([
      'network.person.sex',
      'network.visit.ward',
      'network.visit.cost',
    ]);
  });
});
