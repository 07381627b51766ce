/** Editing one limit changes one limit: every other character of the file stays where it was. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { GauzeError } from '../../src/errors.ts';
import { type BudgetChange, setBudget } from '../../src/policy/edit/set-budget.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { GOVERNED, governed } from './governed.ts';
import { NETWORK, rewritten } from './network.ts';

const NOTHING: BudgetChange = {
  ...{ dataset: null, principal: null, purpose: null },
  ...{ epsilon: null, rho: null, delta: null, renews: null, remove: false },
};

const edited = (text: string, change: Partial<BudgetChange>): string => setBudget(text, { ...NOTHING, ...change }).text;

function refusal(text: string, change: Partial<BudgetChange>): GauzeError {
  try {
    setBudget(text, { ...NOTHING, ...change });
  } catch (error) {
    if (error instanceof GauzeError) return error;
    throw error;
  }
  throw new Error('The change was made.');
}

describe('in flow maps, as the documentation writes them', () => {
  const cases: readonly (readonly [what: string, change: Partial<BudgetChange>, from: string, to: string])[] = [
    ['raises a cap', { epsilon: '50' }, '{ epsilon: 40, delta: 1e-5 } ', '{ epsilon: 50, delta: 1e-5 } '],
    ['sets two parts', { epsilon: '3', delta: '2.5e-7' }, '40, delta: 1e-5', '3, delta: 2.5e-7'],
    ['states it in rho', { rho: '0.5' }, '{ epsilon: 40, delta: 1e-5 } ', '{ rho: 0.5, delta: 1e-5 } '],
    ['adds a span', { renews: 'month' }, 'epsilon: 40, delta: 1e-5 }', 'epsilon: 40, delta: 1e-5, renews: month }'],
    ['takes δ away', { delta: '0' }, '{ epsilon: 40, delta: 1e-5 } ', '{ epsilon: 40, delta: 0 } '],
    [
      'that of a data set, its name in any case',
      { dataset: 'NETWORK', epsilon: '12' },
      '    budget: { epsilon: 20,',
      '    budget: { epsilon: 12,',
    ],
    ['that of a principal', { principal: 'dr-lee', epsilon: '2' }, 'network, epsilon: 1,', 'network, epsilon: 2,'],
    ['no longer renewing', { principal: 'dr-lee', dataset: 'network', renews: 'never' }, ', renews: month }', ' }'],
    [
      'no longer renewing, and in rho',
      { principal: 'dr-lee', renews: 'never', rho: '0.25' },
      'epsilon: 1, delta: 1e-6, renews: month }',
      'rho: 0.25, delta: 1e-6 }',
    ],
    [
      'that of a purpose',
      { purpose: 'research', epsilon: '9' },
      '{ epsilon: 10, delta: 1e-6 }',
      '{ epsilon: 9, delta: 1e-6 }',
    ],
    [
      'a first one for a purpose',
      { purpose: 'quality', rho: '0.1', delta: '1e-7' },
      '      quality: {}',
      '      quality: { budget: { rho: 0.1, delta: 1e-7 } }',
    ],
    [
      'a first one for a principal',
      { principal: 'ms-roy', epsilon: '1' },
      'ms-roy: { roles: [auditor] }',
      'ms-roy: { roles: [auditor], budgets: [ { dataset: network, epsilon: 1 } ] }',
    ],
    ['none for a purpose', { purpose: 'research', remove: true }, '{ budget: { epsilon: 10, delta: 1e-6 } }', '{}'],
    [
      'none for a principal',
      { principal: 'dr-lee', remove: true },
      '[ { dataset: network, epsilon: 1, delta: 1e-6, renews: month } ]',
      '[]',
    ],
    ['none for a data set', { dataset: 'network', remove: true }, '    budget: { epsilon: 20, delta: 1e-5 }\n', ''],
    [
      'none over all; the comment of its line goes with it',
      { remove: true },
      'budget: { epsilon: 40, delta: 1e-5 }                     # cap over all data sets and principals together\n',
      '',
    ],
  ];
  test.each(cases)('%s', (_, change, from, to) => {
    expect(edited(GOVERNED, change)).toBe(governed(from, to));
  });

  test('a first cap stands where it is looked for', () => {
    const without = rewritten(
      '    budget: { epsilon: 20, delta: 1e-5 }  # optional cap over all principals; without it the lint warns\n',
      '',
    );
    expect(edited(without, { dataset: 'network', epsilon: '7', delta: '1e-6' })).toBe(
      without.replace(/( {4}contribution: .*\n)/, '$1    budget: { epsilon: 7, delta: 1e-6 }\n'),
    );
    expect(edited(NETWORK, { epsilon: '30' })).toBe(rewritten('gauze: 1\n', 'gauze: 1\nbudget: { epsilon: 30 }\n'));
  });
});

const BLOCK = `# Head.
gauze: 1
purposes:
  research:   # studies
  quality:
datasets:
  network:
    source: a.duckdb
    unit: person.id
    contribution:
      groups: 1
      rows: 1   # last of the bounds
    # The cap.
    budget:
      epsilon: 5   # five
      # and no delta
    purposes:
      - research   # ours
      - quality
    tables:
      person:
        unit: id
        columns:
          site: { type: text, values: [a, b] }
principals:
  dr-lee:
    budgets:
      # His own.
      - dataset: network
        epsilon: 1
        delta: 1e-6   # small
      # After him.
  dr-kim:
    budgets:
    - epsilon: 2
      dataset: network
# Tail.
`;
const block = (from: string, to: string): string => rewritten(from, to, BLOCK);

describe('in block maps and lists', () => {
  const cases: readonly (readonly [what: string, change: Partial<BudgetChange>, from: string, to: string])[] = [
    [
      'replaces a number before its comment',
      { dataset: 'network', epsilon: '6' },
      'epsilon: 5   # five',
      'epsilon: 6   # five',
    ],
    [
      'adds lines behind a comment',
      { dataset: 'network', delta: '1e-6', renews: 'quarter' },
      '      epsilon: 5   # five\n',
      '      epsilon: 5   # five\n      delta: 1e-6\n      renews: quarter\n',
    ],
    ['removes a map of lines', { dataset: 'network', remove: true }, '    budget:\n      epsilon: 5   # five\n', ''],
    [
      'adds lines to an item',
      { principal: 'dr-lee', renews: 'day' },
      '        delta: 1e-6   # small\n',
      '        delta: 1e-6   # small\n        renews: day\n',
    ],
    [
      'removes the only item',
      { principal: 'dr-lee', remove: true },
      '    budgets:\n      # His own.\n      - dataset: network\n        epsilon: 1\n        delta: 1e-6   # small\n',
      '    budgets: []\n      # His own.\n',
    ],
    ['renames the first key of an item', { principal: 'dr-kim', rho: '0.2' }, '- epsilon: 2', '- rho: 0.2'],
    [
      'makes a map of a list, where a purpose gets a budget',
      { purpose: 'quality', epsilon: '1' },
      '      - research   # ours\n      - quality\n',
      '        research: {}   # ours\n        quality: { budget: { epsilon: 1 } }\n',
    ],
  ];
  test.each(cases)('%s', (_, change, from, to) => {
    expect(edited(BLOCK, change)).toBe(block(from, to));
  });

  test('with the line breaks of Windows, a byte order mark, and no break at the end', () => {
    const windows = `\ufeff${BLOCK.trimEnd().replaceAll('\n', '\r\n')}`;
    const change = { dataset: 'network', delta: '1e-6' };
    expect(edited(windows, change)).toBe(`\ufeff${edited(BLOCK, change).trimEnd().replaceAll('\n', '\r\n')}`);
    const last = 'gauze: 1\ndatasets: {}\nbudget: { epsilon: 1 }';
    expect(edited(last, { remove: true })).toBe('gauze: 1\ndatasets: {}');
    expect(edited('gauze: 1\ndatasets: {}', { epsilon: '1' })).toBe('gauze: 1\nbudget: { epsilon: 1 }\ndatasets: {}');
  });

  test('a second item follows the first', () => {
    const two = BLOCK.replace(
      'datasets:\n',
      'datasets:\n  other: { source: b, unit: p.id, contribution: { groups: 1, rows: 1 }, tables: { p: { unit: id } } }\n',
    );
    expect(edited(two, { principal: 'dr-kim', dataset: 'other', epsilon: '3' })).toBe(
      two.replace(
        '      dataset: network\n# Tail',
        '      dataset: network\n    - { dataset: other, epsilon: 3 }\n# Tail',
      ),
    );
  });

  test('where nothing stands behind a purpose', () => {
    const bare = block('      - research   # ours\n      - quality\n', '      research:   # ours\n      quality:\n');
    expect(edited(bare, { purpose: 'research', epsilon: '1' })).toBe(
      rewritten('research:   # ours', 'research: { budget: { epsilon: 1 } }   # ours', bare),
    );
  });

  test('where the data set lists no purposes, all are listed, so that nothing else changes', () => {
    const open = block('    purposes:\n      - research   # ours\n      - quality\n', '');
    expect(edited(open, { purpose: 'quality', epsilon: '1' })).toBe(
      rewritten(
        '      epsilon: 5   # five\n',
        '      epsilon: 5   # five\n    purposes: { research: {}, quality: { budget: { epsilon: 1 } } }\n',
        open,
      ),
    );
  });
});

describe('in JSON', () => {
  const object = {
    gauze: 1,
    datasets: {
      network: {
        source: 'a.duckdb',
        unit: 'p.id',
        contribution: { groups: 1, rows: 1 },
        budget: { epsilon: 5, delta: 1e-6 },
        tables: { p: { unit: 'id' } },
      },
    },
    principals: { 'dr-lee': { budgets: [{ dataset: 'network', epsilon: 1 }] }, 'dr-kim': {} },
  };
  const all: readonly Partial<BudgetChange>[] = [
    { epsilon: '9' },
    { dataset: 'network', epsilon: '9', renews: 'month' },
    { dataset: 'network', remove: true },
    { dataset: 'network', rho: '0.1', delta: '1e-8' },
    { principal: 'dr-lee', delta: '1e-8', renews: 'day' },
    { principal: 'dr-lee', remove: true },
    { principal: 'dr-kim', epsilon: '0.5', delta: '1e-7' },
  ];
  for (const [layout, text] of [
    ['indented', `${JSON.stringify(object, null, 2)}\n`],
    ['on one line', JSON.stringify(object)],
  ] as const) {
    test.each(all)(`${layout}, it stays JSON: %j`, (change) => {
      const { text: after, is } = setBudget(text, { ...NOTHING, ...change });
      JSON.parse(after);
      const taken = new Set(lines(after));
      const lost = lines(text).filter((line) => !taken.has(line));
      expect(lost.length).toBeLessThanOrEqual(change.remove === true ? 6 : 3);
      expect(is === null).toBe(change.remove === true);
    });
  }
});

const lines = (text: string): string[] => text.split('\n');

describe('every change, in every layout', () => {
  /** What the policy says, in the layouts that the package yaml writes. */
  const tree = {
    gauze: 1,
    budget: { epsilon: 40, delta: 0.00001 },
    purposes: { research: {}, quality: {} },
    datasets: {
      a: {
        source: 'a.duckdb',
        unit: 'p.id',
        contribution: { groups: 1, rows: 1 },
        budget: { rho: 1, renews: 'month' },
        purposes: { research: { budget: { epsilon: 3 } }, quality: null },
        tables: { p: { unit: 'id' } },
      },
      b: { source: 'b.duckdb', unit: 'p.id', contribution: { groups: 1, rows: 1 }, tables: { p: { unit: 'id' } } },
      c: {
        source: 'c.duckdb',
        unit: 'p.id',
        contribution: { groups: 1, rows: 1 },
        purposes: ['research'],
        tables: { p: { unit: 'id' } },
      },
    },
    principals: {
      lee: {
        budgets: [
          { renews: 'day', dataset: 'a', epsilon: 1, delta: 0.000001 },
          { epsilon: 2, dataset: 'b' },
        ],
      },
      kim: { roles: ['officer'] },
    },
  };
  const layouts: Readonly<Record<string, string>> = {
    block: stringify(tree),
    'deep block': stringify(tree, { indent: 4, indentSeq: false }),
    flow: stringify(tree, { collectionStyle: 'flow' }),
    'narrow flow': stringify(tree, { collectionStyle: 'flow', lineWidth: 20 }),
    commented: stringify(tree)
      .replace(/$/gm, '  # said')
      .replace(/^\s*# said$/gm, ''),
    json: JSON.stringify(tree, null, 1),
  };
  const places: readonly Partial<BudgetChange>[] = [
    {},
    ...['a', 'b', 'c'].map((dataset) => ({ dataset })),
    ...['a', 'b'].flatMap((dataset) => ['research', 'quality'].map((purpose) => ({ dataset, purpose }))),
    { dataset: 'c', purpose: 'research' },
    ...['a', 'b', 'c'].flatMap((dataset) => ['lee', 'kim'].map((principal) => ({ dataset, principal }))),
  ];
  const changes: readonly Partial<BudgetChange>[] = [
    { epsilon: '7' },
    { rho: '0.7', delta: '1e-9' },
    { epsilon: '7', delta: '0', renews: 'quarter' },
    { rho: '2', renews: 'never' },
    { epsilon: '7', delta: '1e-7', renews: 'never' },
    { remove: true },
  ];
  test.each(Object.keys(layouts))('%s', (name) => {
    const text = layouts[name] as string;
    const policy = parsePolicy(text);
    let made = 0;
    for (const place of places) {
      for (const change of changes) {
        const { before, after, was, is, text: put } = setOrNone(text, { ...NOTHING, ...place, ...change }) ?? {};
        if (before === undefined) continue;
        made += 1;
        expect(before.digest).toBe(policy.digest);
        expect(parsePolicy(put as string).digest).toBe(after?.digest);
        // There and back again: what was added is taken away, what was changed is what it was.
        const back = was === null ? { remove: true } : restored(was as NonNullable<typeof was>);
        const again = setBudget(put as string, { ...NOTHING, ...place, ...back });
        expect(again.is).toEqual(was);
        if (is === null) expect(change.remove).toBe(true);
      }
    }
    expect(made).toBeGreaterThan(70);
  });

  /** Nothing to remove is no change to make. */
  function setOrNone(text: string, change: BudgetChange): Partial<ReturnType<typeof setBudget>> | null {
    try {
      return setBudget(text, change);
    } catch (error) {
      if (change.remove && error instanceof GauzeError && error.message.includes('nothing to remove')) return null;
      throw error;
    }
  }

  function restored(limit: NonNullable<ReturnType<typeof setBudget>['was']>): Partial<BudgetChange> {
    const text = (value: { numerator: bigint; denominator: bigint } | null): string | null =>
      value === null ? null : String(Number(value.numerator) / Number(value.denominator));
    return {
      ...{ epsilon: text(limit.epsilon), rho: text(limit.rho), delta: text(limit.delta) },
      renews: limit.renews ?? 'never',
    };
  }
});

test('in a file changed at random, the one limit is changed or the file is refused', () => {
  const edit = fc.record({
    at: fc.nat({ max: GOVERNED.length - 1 }),
    remove: fc.nat({ max: 4 }),
    insert: fc.constantFrom('', ' ', '\n', '  ', '# ', '"', '{}', ', ', '- ', ': ', '&a ', '[]', '|', '~'),
  });
  const change = fc.constantFrom<Partial<BudgetChange>>(
    { epsilon: '7', renews: 'day' },
    { dataset: 'network', rho: '0.5', delta: '1e-9' },
    { dataset: 'network', remove: true },
    { principal: 'dr-lee', epsilon: '7', renews: 'never' },
    { principal: 'dr-kim', epsilon: '7' },
    { purpose: 'quality', epsilon: '7', delta: '1e-9' },
    { purpose: 'research', remove: true },
  );
  const outcomes = { made: 0, byHand: 0 };
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 2 }), change, (edits, wanted) => {
      const text = edits.reduce(
        (was, { at, remove, insert }) => was.slice(0, at) + insert + was.slice(at + remove),
        GOVERNED,
      );
      try {
        const { text: after, is } = setBudget(text, { ...NOTHING, ...wanted });
        expect(parsePolicy(after).digest).not.toBe(parsePolicy(text).digest);
        expect(is === null).toBe(wanted.remove === true);
        outcomes.made += 1;
      } catch (error) {
        if (!(error instanceof GauzeError)) throw error;
        expect(['USAGE', 'POLICY_INVALID']).toContain(error.code);
        if (error.message.includes('not changed safely')) outcomes.byHand += 1;
      }
    }),
    { numRuns: 600 },
  );
  expect(outcomes.made).toBeGreaterThan(100);
  expect(outcomes.byHand).toBeLessThan(outcomes.made / 10);
});

describe('what cannot be done is said', () => {
  const cases: readonly (readonly [change: Partial<BudgetChange>, code: string, message: RegExp, next: RegExp])[] = [
    [{}, 'USAGE', /Nothing is said/, /--epsilon 20, or --remove/],
    [{ dataset: 'netwrk', epsilon: '1' }, 'USAGE', /no data set netwrk/, /Write network/],
    [{ principal: 'dr-le', epsilon: '1' }, 'USAGE', /no principal dr-le/, /Write dr-lee/],
    [{ purpose: 'marketing', epsilon: '1' }, 'USAGE', /no purpose marketing/, /research, quality/],
    [
      { purpose: 'research', principal: 'dr-lee', epsilon: '1' },
      'USAGE',
      /principal or that of a purpose/,
      /one of the two/,
    ],
    [{ epsilon: '1', rho: '1' }, 'USAGE', /epsilon or in rho/, /Leave one/],
    [{ epsilon: '1', remove: true }, 'USAGE', /changed or removed/, /--remove/],
    [{ purpose: 'quality', remove: true }, 'USAGE', /nothing to remove/, /as it is/],
    [{ purpose: 'quality', delta: '1e-6' }, 'USAGE', /is not limited yet/, /--epsilon or --rho/],
    [{ epsilon: '-1' }, 'BUDGET_INVALID', /epsilon: -1 is not in range/, /greater than 0/],
    [{ epsilon: '1 }, { ' }, 'BUDGET_INVALID', /is not a number/, /greater than 0/],
    [{ delta: '1' }, 'BUDGET_INVALID', /delta: 1 is not in range/, /below 1/],
  ];
  test.each(cases)('%j', (change, code, message, next) => {
    const error = refusal(GOVERNED, change);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.next).toMatch(next);
  });

  test('a purpose that is closed to the data set', () => {
    const closed = block('      - quality\n', '');
    expect(refusal(closed, { purpose: 'quality', epsilon: '1' }).message).toMatch(/may not be asked for quality/);
  });

  test('an invalid policy', () => {
    expect(refusal('gauze: 2', { epsilon: '1' }).code).toBe('POLICY_INVALID');
  });

  test('a limit that is so already changes nothing', () => {
    const { text, was, is, before, after } = setBudget(GOVERNED, { ...NOTHING, epsilon: '40.0', delta: '0.00001' });
    expect(text).toBe(GOVERNED);
    expect(is).toEqual(was);
    expect(after).toBe(before);
  });
});
