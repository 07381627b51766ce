/** Queries: clauses, joins, groups, set operations. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/ask/sql/parse.ts';
import type { Query, QueryBody, Select, TableExpr } from '../../../src/ask/sql/syntax.ts';
import { bare, slicesOf } from './walk.ts';

const select = (text: string): Select => parse(text).query.body as Select;

function tables(table: TableExpr | null): string {
  if (table === null) return '-';
  if (table.kind === 'table-name') {
    return `${table.dataset === null ? '' : `${table.dataset.text}.`}${table.name.text}${table.alias === null ? '' : ` ${table.alias.name.text}`}`;
  }
  if (table.kind === 'derived-table') return `query ${table.alias?.name.text ?? ''}`.trim();
  return `(${tables(table.left)} ${table.type} ${tables(table.right)} ${table.condition?.kind ?? '-'})`;
}

function sets(body: QueryBody): string {
  if (body.kind === 'query') return `[${sets(body.body)}]`;
  if (body.kind === 'set-query') {
    return `(${sets(body.left)} ${body.operation}${body.all ? ' all' : ''} ${sets(body.right)})`;
  }
  if (body.kind === 'values-query') return `values(${body.rows.map(({ cells }) => cells.length).join(' ')})`;
  const [item] = body.items;
  return item?.kind === 'item' && item.expr.kind === 'number' ? item.expr.text : '?';
}

describe('FROM', () => {
  it.each([
    ['t', 't'],
    ['network.visit as v', 'network.visit v'],
    ['t, u v', '(t cross u v -)'],
    ['t, u join v using (k)', '(t cross (u inner v using) -)'],
    ['t left join u on a right outer join v on b', '((t left u on) right v on)'],
    ['t full join u using (k) cross join v', '((t full u using) cross v -)'],
    ['t natural join u', '(t inner u natural)'],
    ['t natural full outer join u', '(t full u natural)'],
    ['t join (u join v on a) on b', '(t inner (u inner v on) on)'],
    ['(select 1) x join u using (k)', '(query x inner u using)'],
    ['((select 1) x cross join u)', '(query x cross u -)'],
    ['((select 1) union (select 2)) x', 'query x'],
    ['(((select 1)))', 'query'],
  ])('%s', (from, expected) => expect(tables(select(`select a from ${from}`).from)).toBe(expected));

  it('aliases rename columns', () => {
    const from = select('select a from t as u(x, "Y")').from;
    expect(from?.kind === 'table-name' && from.alias?.columns?.map((one) => one.text)).toEqual(['x', 'Y']);
  });
});

describe('set operations', () => {
  it.each([
    ['select 1 union select 2 union all select 3', '((1 union 2) union all 3)'],
    ['select 1 union select 2 intersect select 3', '(1 union (2 intersect 3))'],
    ['select 1 intersect select 2 union select 3', '((1 intersect 2) union 3)'],
    ['(select 1 union select 2) intersect select 3', '((1 union 2) intersect 3)'],
    ['select 1 except (select 2 except select 3)', '(1 except (2 except 3))'],
    ['select 1 union (select 2 order by 1)', '(1 union [2])'],
    ['(select 1 limit 1) union distinct select 2', '([1] union 2)'],
    ['((select 1))', '1'],
    ['((select 1) union (select 2)) union select 3', '((1 union 2) union 3)'],
  ])('%s', (text, expected) => expect(sets(parse(text).query.body)).toBe(expected));

  it('ORDER BY, LIMIT and OFFSET belong to the whole, in either order', () => {
    const query: Query = parse('select 1 union select 2 order by 1 offset 1 limit 2').query;
    expect(bare([query.orderBy.length, query.limit, query.offset])).toEqual([
      1,
      { kind: 'number', form: 'integer', text: '2' },
      { kind: 'number', form: 'integer', text: '1' },
    ]);
    expect(parse('select 1 limit all').query.limit).toBeNull();
  });
});

describe('GROUP BY', () => {
  const shape = (group: string): unknown => bare(select(`select a from t group by ${group}`).groupBy);
  const keys = (...names: string[]): unknown => ({
    kind: 'group-keys',
    keys: names.map((text) => ({ kind: 'column-ref', dataset: null, table: null, name: { text, quoted: false } })),
  });

  it.each<[string, unknown]>([
    ['all', { kind: 'group-all' }],
    ['a, (b)', { kind: 'group-list', elements: [keys('a'), keys('b')] }],
    ['(a, b), ()', { kind: 'group-list', elements: [keys('a', 'b'), keys()] }],
    [
      'rollup (a, (b, c))',
      { kind: 'group-list', elements: [{ kind: 'rollup', members: [keys('a'), keys('b', 'c')] }] },
    ],
    ['cube (a), b', { kind: 'group-list', elements: [{ kind: 'cube', members: [keys('a')] }, keys('b')] }],
    [
      'grouping sets ((a, b), a, (), rollup (c))',
      {
        kind: 'group-list',
        elements: [
          {
            kind: 'grouping-sets',
            sets: [keys('a', 'b'), keys('a'), keys(), { kind: 'rollup', members: [keys('c')] }],
          },
        ],
      },
    ],
  ])('%s', (group, expected) => expect(shape(group)).toEqual(expected));

  it('a key may begin with a parenthesis', () => {
    expect(shape('(a + 1) * 2')).toMatchObject({ elements: [{ keys: [{ kind: 'binary', operator: '*' }] }] });
  });
});

it('WITH lists its tables, hints are dropped', () => {
  const { query } = parse('with a(x) as materialized (select 1), b as not materialized (select 2) select 3');
  expect(query.with.map((one) => [one.name.text, one.columns?.map((name) => name.text) ?? null])).toEqual([
    ['a', ['x']],
    ['b', null],
  ]);
});

it('spans of clauses', () => {
  const text =
    'with a as (select 1) select t.*, b c from t as u(x) join v using (k) group by rollup (b) order by b desc';
  expect(slicesOf(text, parse(text))).toEqual([
    'common-table: a as (select 1)',
    'number: 1',
    'star: t.*',
    'column-ref: b',
    'join-expr: t as u(x) join v using (k)',
    'table-name: t as u(x)',
    'table-name: v',
    'using: using (k)',
    'group-list: group by rollup (b)',
    'rollup: rollup (b)',
    'group-keys: b',
    'column-ref: b',
    'order-item: b desc',
    'column-ref: b',
  ]);
});

it('a statement spans its text without the semicolon, comments and space around it', () => {
  const text = ' /* x */ select 1 -- y\n ; -- z';
  const { span } = parse(text);
  expect(text.slice(span.start, span.end)).toBe('select 1');
});

it('aliases without AS are names that are no keyword; with AS any word', () => {
  const alias = (text: string): unknown => {
    const item = select(text).items[0];
    return item?.kind === 'item' ? item.alias?.text : undefined;
  };
  expect(alias('select a n from t')).toBe('n');
  expect(alias('select a "n m" from t')).toBe('n m');
  expect(alias('select a as order from t')).toBe('order');
});
