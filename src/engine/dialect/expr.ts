/** Expressions of the tree as SQL. */
import type { Call, Case, Expr, InList, InRelation } from '../../ask/ir.ts';
import { invariant } from '../../errors.ts';
import type { PrintContext } from './context.ts';
import { convert } from './convert.ts';
import { columnName, printLiteral } from './literal.ts';
import { clean, type Printed, printed } from './printed.ts';
import { alike, comparable, joined } from './scalar/logic.ts';
import { partNaming, scalarPrinters } from './scalar.ts';
import { printWindow } from './window.ts';

/** Prints an expression; its columns must have been defined by the relation below. */
export function printExpr(expr: Expr, context: PrintContext): Printed {
  switch (expr.kind) {
    case 'column':
      return context.column(expr.id);
    case 'literal':
      return printLiteral(expr.value, expr.type, context.texts);
    case 'call':
      return printCall(expr, context);
    case 'case':
      return printCase(expr, context);
    case 'cast':
      return convert(printExpr(expr.arg, context), expr.type);
    case 'in-list':
      return printInList(expr, context);
    case 'in-relation':
      return printInRelation(expr, context);
    case 'exists': {
      const inner = context.printRelation(expr.relation, context);
      return printed(
        `(${expr.negated ? 'NOT ' : ''}EXISTS (SELECT 1 FROM (${inner}) AS ${context.alias()}))`,
        'boolean',
      );
    }
    case 'window':
      return printWindow(expr, context, printExpr);
  }
}

function printCall(call: Call, context: PrintContext): Printed {
  const args = call.args.map((arg, index) =>
    index === 0 && partNaming.has(call.fn) ? printed("''", 'text') : printExpr(arg, context),
  );
  return scalarPrinters[call.fn](args, call);
}

/** A condition: true, false or NULL. */
export function printCondition(expr: Expr, context: PrintContext): string {
  const condition = printExpr(expr, context);
  return condition.stored === 'BOOLEAN' ? condition.sql : convert(condition, 'boolean').sql;
}

function printCase(expr: Case, context: PrintContext): Printed {
  const results = [
    ...expr.branches.map((branch) => branch.result),
    ...(expr.otherwise === null ? [] : [expr.otherwise]),
  ];
  const values = alike(
    results.map((result) => printExpr(result, context)),
    expr,
  );
  const branches = expr.branches.map(
    (branch, index) => `WHEN ${printCondition(branch.when, context)} THEN ${values[index]?.sql}`,
  );
  const otherwise = expr.otherwise === null ? '' : ` ELSE ${values[expr.branches.length]?.sql}`;
  return joined(`(CASE ${branches.join(' ')}${otherwise} END)`, values);
}

function printInList(expr: InList, context: PrintContext): Printed {
  if (expr.list.length === 0) return printed(expr.negated ? 'TRUE' : 'FALSE', 'boolean');
  const arg = printExpr(expr.arg, context);
  const pairs = expr.list.map((item) => comparable(arg, printExpr(item, context)));
  const stored = new Set(pairs.map(([left]) => left.sql));
  const not = expr.negated ? 'NOT ' : '';
  if (stored.size === 1) {
    const [left] = pairs[0] as readonly [Printed, Printed];
    return printed(`(${left.sql} ${not}IN (${pairs.map(([, right]) => right.sql).join(', ')}))`, 'boolean');
  }
  return printed(`(${not}(${pairs.map(([left, right]) => `${left.sql} = ${right.sql}`).join(' OR ')}))`, 'boolean');
}

function printInRelation(expr: InRelation, context: PrintContext): Printed {
  const arg = printExpr(expr.arg, context);
  const inner = context.printRelation(expr.relation, context);
  const [column] = expr.relation.columns;
  invariant(column !== undefined && expr.relation.columns.length === 1, 'IN reads a relation of one column');
  const [left, right] = comparable(arg, context.column(column.id));
  const select = `SELECT ${right.sql} FROM (${inner}) AS ${context.alias()}`;
  return printed(`(${clean(left).sql} ${expr.negated ? 'NOT ' : ''}IN (${select}))`, 'boolean');
}

/** `<sql> AS "c<id>"`, with the column's nature recorded for use above. */
export function output(id: number, value: Printed, context: PrintContext): string {
  const { sql, ...nature } = value;
  context.define(id, nature);
  return `${sql} AS ${columnName(id)}`;
}
