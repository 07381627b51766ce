/**
 * One text for all questions that mean the same. It forgets spans, names of inner columns, identities (numbered anew in
 * order of appearance), the order of operands of AND, OR, =, <>, + and ×, and the direction of comparisons. It keeps
 * names and order of the answer's columns, types, and everything else.
 */
import { partsOf } from './fold.ts';
import type { AdmittedUnits, AggregateCall, Call, Column, ColumnId, Expr, Relation, SortKey } from './ir.ts';
import type { Value } from './types.ts';

/**
 * Canonical text of a tree, without white space at will: equal trees give equal texts, and different trees different
 * ones. Deterministic over processes and versions of JavaScript.
 */
export function canonical(relation: Relation): string {
  const names = relation.columns.map((column) => quote(column.name));
  const writer = new Writer(0, null);
  const text = writer.relation(relation);
  return `(answer (${names.join(' ')}) ${text} ${writer.numbers(relation)})`;
}

/** Writes one query; subqueries inside expressions number their columns on their own, one level deeper. */
class Writer {
  readonly #level: number;
  readonly #outer: Writer | null;
  readonly #numbers = new Map<ColumnId, string>();
  #defined = 0;

  constructor(level: number, outer: Writer | null) {
    this.#level = level;
    this.#outer = outer;
  }

  relation(relation: Relation): string {
    const inputs = partsOf(relation).inputs.map((input) => this.relation(input));
    switch (relation.kind) {
      case 'table': {
        const columns = relation.columns.map((column, i) => `${quote(relation.source[i]!)}${this.#define(column)}`);
        const units = relation.units === undefined ? '' : ` ${writeUnits(relation.units)}`;
        return `(table ${quote(relation.dataset)} ${quote(relation.table)}${units} ${columns.join(' ')})`;
      }
      case 'one-row':
        return '(one-row)';
      case 'values': {
        const rows = relation.rows.map((row) => `(${row.map(writeValue).join(' ')})`);
        return `(values ${relation.columns.map((column) => this.#define(column)).join(' ')} ${rows.join(' ')})`;
      }
      case 'released':
        return `(released ${relation.question} ${relation.columns.map((column) => this.#define(column)).join(' ')})`;
      case 'filter':
        return `(filter ${inputs[0]} ${this.expr(relation.condition)})`;
      case 'project': {
        // Columns that are only passed on, or renamed, are the columns they were.
        if (relation.items.every(({ expr }) => expr.kind === 'column')) {
          for (const { column, expr } of relation.items) if (expr.kind === 'column') this.#alias(column.id, expr.id);
          return inputs[0]!;
        }
        // All expressions are written before the columns they define are numbered.
        const exprs = relation.items.map((item) => this.expr(item.expr));
        const items = relation.items.map((item, i) => `${this.#define(item.column)}=${exprs[i]}`);
        return `(project ${inputs[0]} ${items.join(' ')})`;
      }
      case 'join': {
        const condition = relation.condition === null ? '' : ` ${this.expr(relation.condition)}`;
        return `(${relation.type}-join ${inputs[0]} ${inputs[1]}${condition})`;
      }
      case 'aggregate': {
        const keys = relation.keys.map((key) => this.expr(key.expr));
        const calls = relation.aggregates.map((item) => this.#aggregate(item.call));
        const defined = [...relation.keys, ...relation.aggregates].map((item) => this.#define(item.column));
        const sets = relation.sets.map((set) => `[${set.join(' ')}]`).join('');
        return `(aggregate ${inputs[0]} ${sets} ${[...keys, ...calls].map((text, i) => `${defined[i]}=${text}`).join(' ')})`;
      }
      case 'distinct':
        return `(distinct ${inputs[0]} ${this.numbers(relation.input)})`;
      case 'set':
        return `(${relation.operation} ${inputs[0]} ${inputs[1]} ${this.#shown(relation)})`;
      case 'sort':
        return `(sort ${inputs[0]} ${relation.by.map((key) => this.#sortKey(key)).join(' ')})`;
      case 'limit':
        return `(limit ${inputs[0]} ${relation.count ?? 'all'} ${relation.offset})`;
    }
  }

  /** A set operation reads its sides by position, so their columns' order is part of its meaning. */
  #shown(relation: Extract<Relation, { kind: 'set' }>): string {
    return `${this.numbers(relation.left)} ${this.numbers(relation.right)} ${relation.columns.map((column) => this.#define(column)).join(' ')}`;
  }

  #define(column: Column): string {
    const number = `${this.#level}.${this.#defined}`;
    this.#defined += 1;
    this.#numbers.set(column.id, number);
    return `:${number}${column.type}`;
  }

  #alias(id: ColumnId, of: ColumnId): void {
    this.#numbers.set(id, this.#number(of));
  }

  /** The columns a relation puts out, in order. */
  numbers(relation: Relation): string {
    return `(${relation.columns.map((column) => this.#number(column.id)).join(' ')})`;
  }

  #number(id: ColumnId): string {
    return this.#numbers.get(id) ?? this.#outer?.number(id) ?? `free.${id}`;
  }

  number(id: ColumnId): string {
    return this.#number(id);
  }

  #aggregate(call: AggregateCall): string {
    const filter = call.filter === null ? '' : ` where ${this.expr(call.filter)}`;
    const order = call.order.map((key) => this.#sortKey(key));
    return `(${[call.name, ...call.args.map((arg) => this.expr(arg)), ...order].join(' ')}${filter})`;
  }

  #sortKey(key: SortKey): string {
    return `(${this.expr(key.expr)} ${key.descending ? 'desc' : 'asc'} ${key.nullsFirst ? 'first' : 'last'})`;
  }

  /** A subquery, with the order of its one column told by the relation itself. */
  #inner(relation: Relation): string {
    const inner = new Writer(this.#level + 1, this);
    const text = inner.relation(relation);
    return `${text} ${inner.numbers(relation)}`;
  }

  expr(expr: Expr): string {
    switch (expr.kind) {
      case 'column':
        return `$${this.#number(expr.id)}`;
      case 'literal':
        return `${expr.type}:${writeValue(expr.value)}`;
      case 'call':
        return this.#call(expr);
      case 'case': {
        const branches = expr.branches.map((branch) => `${this.expr(branch.when)} ${this.expr(branch.result)}`);
        return `(case ${branches.join(' ')} else ${expr.otherwise === null ? 'null' : this.expr(expr.otherwise)})`;
      }
      case 'cast':
        return `(cast ${this.expr(expr.arg)} ${expr.type})`;
      case 'in-list': {
        const list = [...new Set(expr.list.map((member) => this.expr(member)))].sort();
        return `(${expr.negated ? 'not-in' : 'in'} ${this.expr(expr.arg)} ${list.join(' ')})`;
      }
      case 'in-relation':
        return `(${expr.negated ? 'not-in' : 'in'} ${this.expr(expr.arg)} ${this.#inner(expr.relation)})`;
      case 'exists':
        return `(${expr.negated ? 'not-exists' : 'exists'} ${this.#inner(expr.relation)})`;
      case 'window': {
        const args = expr.args.map((arg) => this.expr(arg)).join(' ');
        const partition = expr.partition.map((key) => this.expr(key)).sort();
        const order = expr.order.map((key) => this.#sortKey(key));
        const frame = expr.frame === null ? 'default' : `${expr.frame.start ?? 'all'}..${expr.frame.end ?? 'all'}`;
        return `(over (${expr.name} ${args}) (${partition.join(' ')}) (${order.join(' ')}) ${frame})`;
      }
    }
  }

  #call(call: Call): string {
    switch (call.fn) {
      case 'and':
      case 'or': {
        const operands = new Set(flat(call, call.fn).map((operand) => this.expr(operand)));
        return `(${call.fn} ${[...operands].sort().join(' ')})`;
      }
      case 'eq':
      case 'ne':
      case 'add':
      case 'multiply':
      case 'is-distinct':
      case 'is-not-distinct':
        return `(${call.fn} ${call.args
          .map((arg) => this.expr(arg))
          .sort()
          .join(' ')})`;
      case 'gt':
      case 'ge': {
        const [left, right] = call.args.map((arg) => this.expr(arg));
        return `(${call.fn === 'gt' ? 'lt' : 'le'} ${right} ${left})`;
      }
      default:
        return `(${[call.fn, ...call.args.map((arg) => this.expr(arg))].join(' ')})`;
    }
  }
}

/** Operands of nested calls of one connective. */
function flat(call: Call, fn: 'and' | 'or'): readonly Expr[] {
  return call.args.flatMap((arg) => (arg.kind === 'call' && arg.fn === fn ? flat(arg, fn) : [arg]));
}

function writeUnits({ consent, part }: AdmittedUnits): string {
  const values = (list: readonly Value[]): string => `(${list.map(writeValue).join(' ')})`;
  const consented =
    consent === null
      ? 'all'
      : `(consent ${[consent.purpose, consent.table, consent.column].map(quote).join(' ')} ${values(consent.permits)} ${values(consent.refusals)})`;
  const within =
    part === null
      ? 'all'
      : `(part ${quote(part.table)} ${quote(part.column)} ${part.value.type}:${writeValue(part.value.value)})`;
  return `(units ${consented} ${within})`;
}

function writeValue(value: Value): string {
  if (typeof value === 'string') return quote(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
