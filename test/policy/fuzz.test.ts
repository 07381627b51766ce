/** Whatever the text, the parser gives a policy or a GauzeError with a next step; it never fails otherwise. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { GauzeError } from '../../src/errors.ts';
import { lintPolicy, type PolicyInput, parsePolicy, policyFromObject } from '../../src/policy/index.ts';
import { GOVERNED } from './governed.ts';
import { NETWORK } from './network.ts';

/** Runs the parser; true when the policy was accepted. */
function accepts(run: () => ReturnType<typeof parsePolicy>, lines: number | null): boolean {
  try {
    lintPolicy(run());
    return true;
  } catch (error) {
    if (!(error instanceof GauzeError)) throw error;
    expect(error.code).toBe('POLICY_INVALID');
    expect(error.next).not.toBe('');
    if (error.at !== null && lines !== null) {
      expect(error.at.line).toBeGreaterThanOrEqual(1);
      expect(error.at.line).toBeLessThanOrEqual(lines);
    }
    return false;
  }
}

const KEYS = [
  ...[
    'gauze',
    'datasets',
    'principals',
    'source',
    'unit',
    'contribution',
    'budget',
    'minimumUnits',
    'tables',
    'groups',
  ],
  ...['rows', 'file', 'public', 'unique', 'columns', 'type', 'values', 'bounds', 'by', 'of', 'step', 'nullable', 'use'],
  ...['approval', 'secondOfficer', 'answers', 'consistent', 'retention', 'years', 'ledger', 'anchor', 'contact'],
  ...['purposes', 'description', 'sensitive', 'terms', 'recipient', 'expires', 'agreement', 'text', 'consent', 'table'],
  ...['column', 'refusals', 'disjoint', 'roles', 'deny', 'key', 'until', 'rho', 'renews', 'research'],
  ...['zone', 'through', 'on', 'budgets', 'dataset', 'epsilon', 'delta', 'person', 'visit', '__proto__', 'constructor'],
  ...[
    'watch',
    'burnRate',
    'percent',
    'days',
    'nearDuplicates',
    'questions',
    'narrowing',
    'unfinished',
    'minutes',
    'acts',
  ],
];
const SCALARS = [
  'text',
  'integer',
  'double',
  'date',
  'timestamp',
  'person',
  'person.id',
  'visit',
  'join',
  '2020-01-01',
  'research',
  'officer',
  'off',
  'hiv',
  'person.visit.id',
  '01',
];

const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 7 },
    fc.constantFrom(...SCALARS),
    fc.constantFrom(0, 1, -1, 0.5, 1e300, 1e-300, true, false, null),
    fc.array(tie('node'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('node')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).node;

describe('never fails otherwise', () => {
  test('over arbitrary text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => void accepts(() => parsePolicy(text), null)),
      {
        numRuns: 2000,
      },
    );
  });

  test('over text made of the characters of YAML', () => {
    const unit = fc.constantFrom(...'{}[]:,-?&*!|>\'"%@`#~ \n\t=<.01aeE+_\\');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 60 }),
        (text) => void accepts(() => parsePolicy(text), text.split('\n').length),
      ),
      {
        numRuns: 5000,
      },
    );
  });

  test('over trees of the keys of policies, as text and as objects', () => {
    fc.assert(
      fc.property(value, (tree) => {
        const text = stringify(tree, { aliasDuplicateObjects: false });
        accepts(() => parsePolicy(text), text.split('\n').length);
        accepts(() => policyFromObject(tree as unknown as PolicyInput), null);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['documented', NETWORK],
    ['governed', GOVERNED],
  ])('over the %s policy with some characters changed, and some of those are accepted', (_, text) => {
    let accepted = 0;
    const edit = fc.record({
      at: fc.nat({ max: text.length - 1 }),
      remove: fc.nat({ max: 12 }),
      insert: fc.oneof(
        fc.constantFrom(...SCALARS, ...KEYS, ': ', '{', '}', '[', ']', '\n', '  ', '"'),
        fc.string({ maxLength: 3 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const changed = edits.reduce(
          (was, { at, remove, insert }) => was.slice(0, at) + insert + was.slice(at + remove),
          text,
        );
        if (accepts(() => parsePolicy(changed, { file: 'x.yaml' }), changed.split('\n').length)) accepted += 1;
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
