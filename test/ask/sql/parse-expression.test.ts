/** Expressions: which tree, and where each node stands. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/ask/sql/parse.ts';
import type { Expr, Select } from '../../../src/ask/sql/syntax.ts';
import { CORPUS } from './corpus.ts';
import { bare, nodesOf, slicesOf } from './walk.ts';

function expression(text: string): Expr {
  const item = (parse(`select ${text}`).query.body as Select).items[0];
  if (item?.kind !== 'item') throw new Error('not one expression');
  return item.expr;
}

function slices(text: string): readonly string[] {
  return slicesOf(`select ${text}`, parse(`select ${text}`));
}

describe('spans', () => {
  it.each<[string, readonly string[]]>([
    ['a + b * 2', ['binary: a + b * 2', 'column-ref: a', 'binary: b * 2', 'column-ref: b', 'number: 2']],
    ['(a + b) * c', ['binary: (a + b) * c', 'binary: a + b', 'column-ref: a', 'column-ref: b', 'column-ref: c']],
    ['n.t . "c"', ['column-ref: n.t . "c"']],
    ["'it''s'", ["string: 'it''s'"]],
    ['not a is null', ['unary: not a is null', 'is-test: a is null', 'column-ref: a']],
    ['a and b and c', ['logical: a and b and c', 'column-ref: a', 'column-ref: b', 'column-ref: c']],
    ['a :: int', ['cast: a :: int', 'column-ref: a']],
    ["date '2020-01-01'", ["typed-literal: date '2020-01-01'"]],
    ["interval '1 year -2 days'", ["interval: interval '1 year -2 days'", 'number: 1', 'unary: -2', 'number: 2']],
    ["interval ' 30' day", ["interval: interval ' 30' day", 'number: 30']],
    ['interval (n) day', ['interval: interval (n) day', 'column-ref: n']],
    [
      'case a when 1 then b else c end',
      ['case: case a when 1 then b else c end', 'column-ref: a', 'number: 1', 'column-ref: b', 'column-ref: c'],
    ],
    ['a not in (1, -2)', ['in-list: a not in (1, -2)', 'column-ref: a', 'number: 1', 'unary: -2', 'number: 2']],
    ['exists (select 1)', ['exists: exists (select 1)', 'number: 1']],
    ['not exists (select 1)', ['exists: not exists (select 1)', 'number: 1']],
    ['(select 1)', ['scalar-subquery: (select 1)', 'number: 1']],
    ['extract(year from d)', ['extract: extract(year from d)', 'column-ref: d']],
    [
      'sum(distinct a) filter (where b) over (order by c)',
      [
        'call: sum(distinct a) filter (where b) over (order by c)',
        'column-ref: a',
        'column-ref: b',
        'window-spec: (order by c)',
        'order-item: c',
        'column-ref: c',
      ],
    ],
    [
      'sum(a) over (rows between 1 preceding and current row)',
      [
        'call: sum(a) over (rows between 1 preceding and current row)',
        'column-ref: a',
        'window-spec: (rows between 1 preceding and current row)',
        'frame: rows between 1 preceding and current row',
        'preceding: 1 preceding',
        'number: 1',
        'current-row: current row',
      ],
    ],
    ['position(a in b)', ['call: position(a in b)', 'column-ref: b', 'column-ref: a']],
    ['a like b escape c', ['like: a like b escape c', 'column-ref: a', 'column-ref: b', 'column-ref: c']],
    ['$name', ['parameter: $name']],
  ])('of %s', (text, expected) => expect(slices(text)).toEqual(expected));

  it('of operators, types, parts and names', () => {
    const text = 'select a  ||  b, c::double  precision, extract( year from d), count ( * )';
    const [concat, cast, extract, count] = (parse(text).query.body as Select).items.map((item) =>
      item.kind === 'item' ? item.expr : null,
    );
    const slice = (span: { start: number; end: number } | undefined): string => text.slice(span?.start, span?.end);
    expect(concat?.kind === 'binary' && slice(concat.operatorSpan)).toBe('||');
    expect(cast?.kind === 'cast' && [cast.type.name, slice(cast.type.span)]).toEqual([
      'double precision',
      'double  precision',
    ]);
    expect(extract?.kind === 'extract' && slice(extract.partSpan)).toBe('year');
    expect(count?.kind === 'call' && slice(count.name.span)).toBe('count');
  });

  it('lie inside the parent’s and inside the text, for every question of the corpus', () => {
    for (const text of CORPUS) {
      for (const { kind, span, parent } of nodesOf(parse(text))) {
        const around = parent?.span ?? { start: 0, end: text.length };
        expect(
          around.start <= span.start && span.start <= span.end && span.end <= around.end,
          `${kind} in ${text}`,
        ).toBe(true);
      }
    }
  });

  it('cut out the expression: read alone, it is the same tree', () => {
    const asideKinds =
      /^(?:statement|query|set-query|values-.*|select|item|star|order-item|window-.*|named-window|frame|.*preceding|.*following|current-row|join-expr|table-name|derived-table|common-table|on|using|natural|group.*|rollup|cube)$/;
    let read = 0;
    for (const text of CORPUS) {
      for (const { kind, span, node, parent } of nodesOf(parse(text))) {
        // Amounts in an interval's string have no quotes of their own, `FOR b` alone supplies a 1, `?` counts on.
        if (asideKinds.test(kind) || parent?.kind === 'interval' || parent?.parent?.kind === 'interval') continue;
        if (span.start === span.end || text.slice(span.start, span.end).includes('?')) continue;
        expect(bare(expression(text.slice(span.start, span.end))), text).toEqual(bare(node));
        read += 1;
      }
    }
    expect(read).toBeGreaterThan(500);
  });
});

describe('constants', () => {
  it.each<[string, unknown]>([
    ['42', { kind: 'number', form: 'integer', text: '42' }],
    ['1_000', { kind: 'number', form: 'integer', text: '1000' }],
    ['.5', { kind: 'number', form: 'decimal', text: '.5' }],
    ['1.', { kind: 'number', form: 'decimal', text: '1.' }],
    ['1E-3', { kind: 'number', form: 'scientific', text: '1E-3' }],
    ["'it''s'''", { kind: 'string', value: "it's'" }],
    ['TRUE', { kind: 'boolean', value: true }],
    ['NULL', { kind: 'null' }],
    ["timestamp 'x'", { kind: 'typed-literal', type: 'timestamp', value: 'x' }],
    ['$Low', { kind: 'parameter', key: 'low' }],
    ['$12', { kind: 'parameter', key: 12 }],
  ])('%s', (text, tree) => expect(bare(expression(text))).toEqual(tree));

  it('parameters are numbered and listed in order', () => {
    const keys = (text: string): unknown[] => parse(text).parameters.map((one) => one.key);
    expect(keys('select ?, ? from t where a = ?')).toEqual([1, 2, 3]);
    expect(keys('select $b, $A, $b')).toEqual(['b', 'a', 'b']);
  });

  it('names keep their spelling, quoted ones their characters', () => {
    const text = (name: string): unknown => bare((expression(name) as { name?: unknown }).name);
    expect(text('Größe')).toEqual({ text: 'Größe', quoted: false });
    expect(text('"a ""b"" -- c"')).toEqual({ text: 'a "b" -- c', quoted: true });
    expect(text('"SELECT"')).toEqual({ text: 'SELECT', quoted: true });
  });
});

describe('operators', () => {
  const shape = (expr: Expr): string => {
    switch (expr.kind) {
      case 'binary':
        return `(${shape(expr.left)} ${expr.operator} ${shape(expr.right)})`;
      case 'logical':
        return `(${expr.operands.map(shape).join(` ${expr.operator} `)})`;
      case 'unary':
        return `(${expr.operator} ${shape(expr.operand)})`;
      case 'column-ref':
        return expr.name.text;
      case 'is-test':
        return `(${shape(expr.operand)} is${expr.negated ? ' not' : ''} ${expr.test})`;
      case 'between':
        return `(${shape(expr.operand)} between ${shape(expr.low)} ${shape(expr.high)})`;
      case 'in-list':
        return `(${shape(expr.operand)}${expr.negated ? ' not' : ''} in ${expr.list.map(shape).join(' ')})`;
      case 'like':
        return `(${shape(expr.operand)}${expr.negated ? ' not' : ''} like ${shape(expr.pattern)})`;
      case 'cast':
        return `(${shape(expr.operand)}::${expr.type.name})`;
      default:
        return expr.kind;
    }
  };

  it.each([
    ['a or b and c or d', '(a or (b and c) or d)'],
    ['a and b and (c and d)', '(a and b and (c and d))'],
    ['not a and b', '((not a) and b)'],
    ['not a = b', '(not (a = b))'],
    ['a = not b = c', '(a = (not (b = c)))'],
    ['a < b is null', '((a < b) is null)'],
    ['a is null = b', '((a is null) = b)'],
    ['a is unknown', '(a is null)'],
    ['a isnull or b notnull', '((a is null) or (b is not null))'],
    ['a - b - c', '((a - b) - c)'],
    ['a || b + c * d', '(a || (b + (c * d)))'],
    ['a // b % c', '((a // b) % c)'],
    ['- a ^ b ** c', '(((- a) ^ b) ^ c)'],
    ['- a::int', '(- (a::int))'],
    ['a between b and c and d', '((a between b c) and d)'],
    ['a = b between c and d', '(a = (b between c d))'],
    ['a != b', '(a <> b)'],
    ['a == b', '(a = b)'],
    ['a is not distinct from b + c', '(a is not distinct from (b + c))'],
    ['a not in (b, c) or d', '((a not in b c) or d)'],
    ['a not like b || c', '(a not like (b || c))'],
  ])('%s is %s', (text, expected) => expect(shape(expression(text))).toBe(expected));

  it('a long list of conditions stays flat', () => {
    const many = expression(Array.from({ length: 3000 }, () => 'a').join(' or '));
    expect(many.kind === 'logical' && many.operands.length).toBe(3000);
  });
});

describe('calls', () => {
  it.each([
    ['substring(a from 2 for 3)', 'substring(a, 2, 3)'],
    ['substring(a for 3)', 'substring(a, 1, 3)'],
    ["trim(leading 'x' from a)", "ltrim(a, 'x')"],
    ["trim(trailing 'x' from a)", "rtrim(a, 'x')"],
    ["trim(both 'x' from a)", "trim(a, 'x')"],
    ['position(a in b)', 'strpos(b, a)'],
    ['sum(all a)', 'sum(a)'],
    ['percentile_cont(0.5) within group (order by a)', 'percentile_cont(a, 0.5)'],
    ['QUANTILE_DISC(0.5) WITHIN GROUP (ORDER BY a ASC) FILTER (b)', 'QUANTILE_DISC(a, 0.5) FILTER (WHERE b)'],
    ['mode() within group (order by a + 1)', 'mode(a + 1)'],
    ['sum(a) over (order by b range unbounded preceding)', 'sum(a) over (order by b)'],
    [
      'sum(a) over (range between unbounded preceding and unbounded following)',
      'sum(a) over (rows between unbounded preceding and unbounded following)',
    ],
  ])('%s is %s', (text, same) => expect(withoutWords(expression(text))).toEqual(withoutWords(expression(same))));

  it('carry DISTINCT, ORDER BY, FILTER and OVER', () => {
    expect(bare(expression('sum(distinct a order by b desc) filter (where c) over w'))).toMatchObject({
      kind: 'call',
      name: { text: 'sum' },
      distinct: true,
      star: false,
      orderBy: [{ descending: true, nulls: null }],
      filter: { kind: 'column-ref' },
      over: { kind: 'window-name', name: { text: 'w' } },
    });
    expect(bare(expression('count(*)'))).toMatchObject({ star: true, args: [] });
    expect(bare(expression('count()'))).toMatchObject({ star: false, args: [] });
  });

  const withoutWords = (expr: Expr): unknown => bare(expr);
});
