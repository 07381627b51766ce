/** Which columns of the policy an answer depends on. */
import type { Span } from '../errors.ts';
import type { UsedColumn } from '../policy/access.ts';
import type { ColumnName } from '../policy/policy.ts';
import { callExprs, operandsOf } from './fold.ts';
import type { ColumnId, Expr, Relation } from './ir.ts';

/** A reference to a column. */
interface Use {
  readonly id: ColumnId;
  readonly span: Span;
}

/**
 * Columns of the policy's tables that a resolved question uses, wherever it does: each once, with the first place of use,
 * in the order of these places. What a subquery lists and nothing takes is not used, as no answer depends on it; but every
 * aggregate is, for it is measured whether it is shown or not. A star is a use of what is taken through it. Links through
 * which tables reach their unit, and columns that consent is read from, are the policy's use, not the question's.
 */
export function usedColumns(relation: Relation): readonly UsedColumn[] {
  const dependencies = new Dependencies();
  const pending = [...dependencies.of(relation), ...relation.columns.map(({ id }) => ({ id, span: relation.span }))];
  const seen = new Set<ColumnId>();
  const found = new Map<string, UsedColumn>();
  for (let use = pending.pop(); use !== undefined; use = pending.pop()) {
    const source = dependencies.sources.get(use.id);
    if (source !== undefined) {
      const key = JSON.stringify([source.dataset, source.table, source.column]);
      const known = found.get(key);
      if (known === undefined || use.span.start < known.span.start) found.set(key, { ...source, span: use.span });
    } else if (!seen.has(use.id)) {
      seen.add(use.id);
      pending.push(...(dependencies.made.get(use.id) ?? []));
    }
  }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}

/** What computed columns are made of, and which columns of tables there are. */
class Dependencies {
  readonly made = new Map<ColumnId, readonly Use[]>();
  readonly sources = new Map<ColumnId, ColumnName>();

  /** Columns that are used whatever is taken from a relation: they decide which rows it has, or are aggregated. */
  of(relation: Relation): readonly Use[] {
    switch (relation.kind) {
      case 'table':
        relation.columns.forEach(({ id }, at) => {
          this.sources.set(id, {
            dataset: relation.dataset,
            table: relation.table,
            column: relation.source[at] as string,
          });
        });
        return [];
      case 'one-row':
      case 'values':
      case 'released':
        return [];
      case 'filter':
        return [...this.#reads(relation.condition), ...this.of(relation.input)];
      case 'project':
        for (const { column, expr } of relation.items) this.made.set(column.id, this.#reads(expr));
        return this.of(relation.input);
      case 'join': {
        const condition = relation.condition === null ? [] : this.#reads(relation.condition);
        return [...condition, ...this.of(relation.left), ...this.of(relation.right)];
      }
      case 'aggregate': {
        const keys = relation.keys.flatMap(({ column, expr }) => {
          const reads = this.#reads(expr);
          this.made.set(column.id, reads);
          return reads;
        });
        const calls = relation.aggregates.flatMap(({ call }) => callExprs(call).flatMap((expr) => this.#reads(expr)));
        return [...keys, ...calls, ...this.of(relation.input)];
      }
      case 'distinct':
        return [...relation.input.columns.map(({ id }) => ({ id, span: relation.span })), ...this.of(relation.input)];
      case 'set':
        return this.#set(relation);
      case 'sort':
        return [...relation.by.flatMap(({ expr }) => this.#reads(expr)), ...this.of(relation.input)];
      case 'limit':
        return this.of(relation.input);
    }
  }

  /** UNION ALL takes columns as they are; every other one compares whole rows. */
  #set({ operation, left, right, columns, span }: Extract<Relation, { kind: 'set' }>): readonly Use[] {
    const sides = [left, right].flatMap((side) => this.of(side));
    columns.forEach(({ id }, at) => {
      const reads = [left, right].flatMap((side) => side.columns.slice(at, at + 1));
      this.made.set(
        id,
        reads.map((column) => ({ id: column.id, span })),
      );
    });
    return operation === 'union-all' ? sides : [...columns.map(({ id }) => ({ id, span })), ...sides];
  }

  #reads(expr: Expr): readonly Use[] {
    const operands = operandsOf(expr).flatMap((operand) => this.#reads(operand));
    switch (expr.kind) {
      case 'column':
        return [{ id: expr.id, span: expr.span }];
      case 'exists':
        return this.of(expr.relation);
      case 'in-relation': {
        const taken = expr.relation.columns.map(({ id }) => ({ id, span: expr.relation.span }));
        return [...operands, ...taken, ...this.of(expr.relation)];
      }
      default:
        return operands;
    }
  }
}
