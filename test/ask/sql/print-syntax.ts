/** Syntax → SQL with parentheses around every operand, so that a reading of precedence shows in the text. Tests only. */
import type * as S from '../../../src/ask/sql/syntax.ts';

const name = (one: S.Name): string => `"${one.text.replaceAll('"', '""')}"`;
const list = <T>(items: readonly T[], print: (item: T) => string): string => items.map(print).join(', ');
const names = (columns: readonly S.Name[] | null): string => (columns === null ? '' : `(${list(columns, name)})`);

/** The statement again; intervals and POSITION are copied from `text`. */
export function printStatement(statement: S.Statement, text: string): string {
  return new Printer(text).query(statement.query);
}

class Printer {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  query(query: S.Query): string {
    const common = list(query.with, (one) => `${name(one.name)}${names(one.columns)} AS (${this.query(one.query)})`);
    return [
      query.with.length > 0 ? `WITH ${common}` : '',
      this.body(query.body),
      this.orderBy(query.orderBy),
      query.limit === null ? '' : `LIMIT ${this.expr(query.limit)}`,
      query.offset === null ? '' : `OFFSET ${this.expr(query.offset)}`,
    ]
      .filter((part) => part !== '')
      .join(' ');
  }

  body(body: S.QueryBody): string {
    if (body.kind === 'query') return `(${this.query(body)})`;
    if (body.kind === 'select') return this.select(body);
    if (body.kind === 'values-query') {
      return `VALUES ${list(body.rows, (row) => `(${list(row.cells, (cell) => this.expr(cell))})`)}`;
    }
    const all = body.all ? ' ALL' : '';
    return `(${this.body(body.left)}) ${body.operation.toUpperCase()}${all} (${this.body(body.right)})`;
  }

  select(select: S.Select): string {
    const windows = list(select.windows, (one) => `${name(one.name)} AS ${this.window(one.window)}`);
    const clause = (word: string, expr: S.Expr | null): string => (expr === null ? '' : `${word} ${this.expr(expr)}`);
    return [
      `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list(select.items, (item) => this.item(item))}`,
      select.from === null ? '' : `FROM ${this.table(select.from)}`,
      clause('WHERE', select.where),
      this.groupBy(select.groupBy),
      clause('HAVING', select.having),
      select.windows.length === 0 ? '' : `WINDOW ${windows}`,
      clause('QUALIFY', select.qualify),
    ]
      .filter((part) => part !== '')
      .join(' ');
  }

  item(item: S.SelectItem): string {
    if (item.kind === 'star') return item.qualifier === null ? '*' : `${name(item.qualifier)}.*`;
    return `${this.expr(item.expr)}${item.alias === null ? '' : ` AS ${name(item.alias)}`}`;
  }

  table(table: S.TableExpr): string {
    if (table.kind === 'table-name') {
      const dataset = table.dataset === null ? '' : `${name(table.dataset)}.`;
      return `${dataset}${name(table.name)}${this.alias(table.alias)}`;
    }
    if (table.kind === 'derived-table') return `(${this.query(table.query)})${this.alias(table.alias)}`;
    const right = table.right.kind === 'join-expr' ? `(${this.table(table.right)})` : this.table(table.right);
    const { condition } = table;
    const natural = condition?.kind === 'natural' ? 'NATURAL ' : '';
    const on =
      condition?.kind === 'on'
        ? ` ON ${this.expr(condition.expr)}`
        : condition?.kind === 'using'
          ? ` USING ${names(condition.columns)}`
          : '';
    return `${this.table(table.left)} ${natural}${table.type.toUpperCase()} JOIN ${right}${on}`;
  }

  alias(alias: S.TableAlias | null): string {
    return alias === null ? '' : ` AS ${name(alias.name)}${names(alias.columns)}`;
  }

  groupBy(group: S.GroupBy | null): string {
    if (group === null) return '';
    return `GROUP BY ${group.kind === 'group-all' ? 'ALL' : list(group.elements, (one) => this.element(one))}`;
  }

  element(element: S.GroupElement): string {
    switch (element.kind) {
      case 'group-keys': {
        const [only] = element.keys;
        if (element.keys.length === 1 && only !== undefined) return this.expr(only);
        return `(${list(element.keys, (key) => this.expr(key))})`;
      }
      case 'rollup':
      case 'cube':
        return `${element.kind.toUpperCase()} (${list(element.members, (one) => this.element(one))})`;
      case 'grouping-sets':
        return `GROUPING SETS (${list(element.sets, (one) => this.element(one))})`;
    }
  }

  orderBy(order: readonly S.QueryOrderItem[]): string {
    if (order.length === 0) return '';
    const items = list(order, (item) => {
      const nulls = item.nulls === null ? '' : ` NULLS ${item.nulls.toUpperCase()}`;
      return `${item.expr === 'all' ? 'ALL' : this.expr(item.expr)}${item.descending ? ' DESC' : ''}${nulls}`;
    });
    return `ORDER BY ${items}`;
  }

  window(window: S.WindowName | S.WindowSpec): string {
    if (window.kind === 'window-name') return name(window.name);
    const partition =
      window.partition.length === 0 ? '' : `PARTITION BY ${list(window.partition, (e) => this.expr(e))}`;
    const bound = (one: S.FrameBound): string =>
      'rows' in one ? `${this.expr(one.rows)} ${one.kind.toUpperCase()}` : one.kind.toUpperCase().replace('-', ' ');
    const frame =
      window.frame === null ? '' : `ROWS BETWEEN ${bound(window.frame.start)} AND ${bound(window.frame.end)}`;
    return `(${partition} ${this.orderBy(window.order)} ${frame})`;
  }

  /** An operand: in parentheses unless it is one word. */
  operand(expr: S.Expr): string {
    return `(${this.expr(expr)})`;
  }

  expr(expr: S.Expr): string {
    const not = 'negated' in expr && expr.negated ? 'NOT ' : '';
    switch (expr.kind) {
      case 'column-ref':
        return [expr.dataset, expr.table, expr.name]
          .filter((part) => part !== null)
          .map(name)
          .join('.');
      case 'number':
        return expr.text;
      case 'string':
        return `'${expr.value.replaceAll("'", "''")}'`;
      case 'boolean':
        return String(expr.value).toUpperCase();
      case 'null':
        return 'NULL';
      case 'typed-literal':
        return `${expr.type.toUpperCase()} '${expr.value.replaceAll("'", "''")}'`;
      case 'interval':
        return this.text.slice(expr.span.start, expr.span.end);
      case 'parameter':
        return `$${expr.key}`;
      case 'unary':
        return `${expr.operator.toUpperCase()} ${this.operand(expr.operand)}`;
      case 'binary':
        return `${this.operand(expr.left)} ${expr.operator.toUpperCase()} ${this.operand(expr.right)}`;
      case 'logical':
        return expr.operands.map((one) => this.operand(one)).join(` ${expr.operator.toUpperCase()} `);
      case 'is-test':
        return `${this.operand(expr.operand)} IS ${not}${expr.test.toUpperCase()}`;
      case 'in-list':
        return `${this.operand(expr.operand)} ${not}IN (${list(expr.list, (one) => this.expr(one))})`;
      case 'in-query':
        return `${this.operand(expr.operand)} ${not}IN (${this.query(expr.query)})`;
      case 'between':
        return `${this.operand(expr.operand)} ${not}BETWEEN ${this.operand(expr.low)} AND ${this.operand(expr.high)}`;
      case 'like': {
        const escaped = expr.escape === null ? '' : ` ESCAPE ${this.operand(expr.escape)}`;
        const word = expr.caseInsensitive ? 'ILIKE' : 'LIKE';
        return `${this.operand(expr.operand)} ${not}${word} ${this.operand(expr.pattern)}${escaped}`;
      }
      case 'exists':
        return `${not}EXISTS (${this.query(expr.query)})`;
      case 'scalar-subquery':
        return `(${this.query(expr.query)})`;
      case 'case': {
        const branches = expr.branches.map((one) => `WHEN ${this.expr(one.when)} THEN ${this.expr(one.result)}`);
        const operand = expr.operand === null ? '' : `${this.expr(expr.operand)} `;
        const otherwise = expr.otherwise === null ? '' : ` ELSE ${this.expr(expr.otherwise)}`;
        return `CASE ${operand}${branches.join(' ')}${otherwise} END`;
      }
      case 'cast': {
        const modifiers = expr.type.modifiers.length === 0 ? '' : `(${expr.type.modifiers.join(', ')})`;
        return `${expr.try ? 'TRY_' : ''}CAST(${this.expr(expr.operand)} AS ${expr.type.name}${modifiers})`;
      }
      case 'call':
        return this.call(expr);
      case 'extract':
        return `EXTRACT(${expr.part} FROM ${this.expr(expr.operand)})`;
    }
  }

  call(call: S.FunctionCall): string {
    const word = call.name.quoted ? name(call.name) : call.name.text;
    const args = list(call.args, (arg) => this.expr(arg));
    const order = call.orderBy.length === 0 ? '' : ` ${this.orderBy(call.orderBy)}`;
    const inside = call.star ? '*' : `${call.distinct ? 'DISTINCT ' : ''}${args}${order}`;
    const filter = call.filter === null ? '' : ` FILTER (WHERE ${this.expr(call.filter)})`;
    return `${word}(${inside})${filter}${call.over === null ? '' : ` OVER ${this.window(call.over)}`}`;
  }
}
