/**
 * Names of columns that the question does not name, close to DuckDB's: `count_star()`, `sum(cost)`, `(a + b)`. They
 * depend on what is written, not on how: spaces, case of functions and names of tables leave no trace.
 */
import { foldName } from '../../policy/fold-name.ts';
import type * as Syntax from '../sql/syntax.ts';

const NAME_LENGTH_MAX = 120;

/** How columns are called where they come from. */
export type DeclaredName = (ref: Syntax.ColumnRef) => string;

/** Name of an expression without alias. */
export function outputName(expr: Syntax.Expr, declared: DeclaredName): string {
  const letters = [...write(expr, declared)];
  return letters.length > NAME_LENGTH_MAX ? `${letters.slice(0, NAME_LENGTH_MAX).join('')}…` : letters.join('');
}

/** Names made different by `_1`, `_2`, … as in DuckDB; compared without case. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names.map(foldName));
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 1; seen.has(foldName(unique)); i++) {
      const candidate = `${name}_${i}`;
      if (!taken.has(foldName(candidate))) unique = candidate;
    }
    seen.add(foldName(unique));
    taken.add(foldName(unique));
    return unique;
  });
}

function write(expr: Syntax.Expr, declared: DeclaredName): string {
  const deep = (inner: Syntax.Expr): string => write(inner, declared);
  const list = (exprs: readonly Syntax.Expr[]): string => exprs.map(deep).join(', ');
  const not = (negated: boolean): string => (negated ? 'NOT ' : '');
  switch (expr.kind) {
    case 'column-ref':
      return declared(expr);
    case 'number':
      return expr.form === 'integer' ? expr.text.replace(/^0+(?=\d)/, '') : expr.text.toLowerCase();
    case 'string':
      return `'${expr.value.replaceAll("'", "''")}'`;
    case 'boolean':
      return String(expr.value);
    case 'null':
      return 'NULL';
    case 'typed-literal':
      return `CAST('${expr.value.replaceAll("'", "''")}' AS ${expr.type.toUpperCase()})`;
    case 'parameter':
      return `$${expr.key}`;
    case 'interval':
      return expr.parts.map((part) => `INTERVAL ${deep(part.amount)} ${part.unit.toUpperCase()}`).join(' + ');
    case 'unary':
      return expr.operator === 'not' ? `(NOT ${deep(expr.operand)})` : `${expr.operator}${deep(expr.operand)}`;
    case 'binary': {
      const operator = expr.operator === '<>' ? '!=' : expr.operator.toUpperCase();
      return `(${deep(expr.left)} ${operator} ${deep(expr.right)})`;
    }
    case 'logical':
      return `(${expr.operands.map(deep).join(` ${expr.operator.toUpperCase()} `)})`;
    case 'is-test':
      return `(${deep(expr.operand)} IS ${not(expr.negated)}${expr.test.toUpperCase()})`;
    case 'in-list':
      return `(${deep(expr.operand)} ${not(expr.negated)}IN (${list(expr.list)}))`;
    case 'in-query':
      return `(${deep(expr.operand)} ${not(expr.negated)}IN (SELECT …))`;
    case 'between':
      return `(${deep(expr.operand)} ${not(expr.negated)}BETWEEN ${deep(expr.low)} AND ${deep(expr.high)})`;
    case 'like':
      return `(${deep(expr.operand)} ${not(expr.negated)}${expr.caseInsensitive ? 'ILIKE' : 'LIKE'} ${deep(expr.pattern)})`;
    case 'exists':
      return `${not(expr.negated)}EXISTS(SELECT …)`;
    case 'scalar-subquery':
      return '(SELECT …)';
    case 'case':
      return writeCase(expr, deep);
    case 'cast':
      return `${expr.try ? 'TRY_CAST' : 'CAST'}(${deep(expr.operand)} AS ${writeType(expr.type)})`;
    case 'call':
      return writeCall(expr, deep, list);
    case 'extract':
      return `date_part('${expr.part}', ${deep(expr.operand)})`;
  }
}

function writeType(type: Syntax.TypeName): string {
  const modifiers = type.modifiers.length === 0 ? '' : `(${type.modifiers.join(', ')})`;
  return `${type.name.toUpperCase()}${modifiers}`;
}

function writeCase(expr: Syntax.CaseExpr, deep: (inner: Syntax.Expr) => string): string {
  const operand = expr.operand === null ? '' : ` ${deep(expr.operand)}`;
  const branches = expr.branches.map((branch) => ` WHEN ${deep(branch.when)} THEN ${deep(branch.result)}`).join('');
  const otherwise = expr.otherwise === null ? '' : ` ELSE ${deep(expr.otherwise)}`;
  return `CASE${operand}${branches}${otherwise} END`;
}

function writeCall(
  call: Syntax.FunctionCall,
  deep: (inner: Syntax.Expr) => string,
  list: (exprs: readonly Syntax.Expr[]) => string,
): string {
  const name = call.name.text.toLowerCase();
  const counted = call.star || (name === 'count' && call.args.length === 0);
  const head = counted ? `${name}_star()` : `${name}(${call.distinct ? 'DISTINCT ' : ''}${list(call.args)})`;
  const filter = call.filter === null ? '' : ` FILTER (WHERE ${deep(call.filter)})`;
  return `${head}${filter}${call.over === null ? '' : ` OVER ${writeOver(call.over, deep, list)}`}`;
}

function writeOver(
  over: Syntax.WindowName | Syntax.WindowSpec,
  deep: (inner: Syntax.Expr) => string,
  list: (exprs: readonly Syntax.Expr[]) => string,
): string {
  if (over.kind === 'window-name') return foldName(over.name.text);
  const partition = over.partition.length === 0 ? [] : [`PARTITION BY ${list(over.partition)}`];
  const keys = over.order.map((item) => `${deep(item.expr)}${item.descending ? ' DESC' : ''}`);
  const order = keys.length === 0 ? [] : [`ORDER BY ${keys.join(', ')}`];
  return `(${[...partition, ...order].join(' ')})`;
}
