/** The one traversal and the one rewrite over the tree; nobody else lists a node's children. */
import type { AggregateCall, ColumnId, Expr, Item, Relation, SortKey } from './ir.ts';

/** Children of a relation, in order: relations it reads and expressions it computes. */
export interface RelationParts {
  readonly inputs: readonly Relation[];
  readonly exprs: readonly Expr[];
}

/** Direct parts of a relation. */
export function partsOf(relation: Relation): RelationParts {
  switch (relation.kind) {
    case 'table':
    case 'one-row':
    case 'values':
    case 'released':
      return { inputs: [], exprs: [] };
    case 'filter':
      return { inputs: [relation.input], exprs: [relation.condition] };
    case 'project':
      return { inputs: [relation.input], exprs: relation.items.map((item) => item.expr) };
    case 'join':
      return {
        inputs: [relation.left, relation.right],
        exprs: relation.condition === null ? [] : [relation.condition],
      };
    case 'aggregate':
      return {
        inputs: [relation.input],
        exprs: [
          ...relation.keys.map((key) => key.expr),
          ...relation.aggregates.flatMap((item) => callExprs(item.call)),
        ],
      };
    case 'distinct':
    case 'limit':
      return { inputs: [relation.input], exprs: [] };
    case 'set':
      return { inputs: [relation.left, relation.right], exprs: [] };
    case 'sort':
      return { inputs: [relation.input], exprs: relation.by.map((key) => key.expr) };
  }
}

/** Direct operands of an expression; relations of subqueries are in `relationsOf`. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'column':
    case 'literal':
    case 'exists':
      return [];
    case 'call':
      return expr.args;
    case 'case':
      return [
        ...expr.branches.flatMap((branch) => [branch.when, branch.result]),
        ...(expr.otherwise === null ? [] : [expr.otherwise]),
      ];
    case 'cast':
      return [expr.arg];
    case 'in-list':
      return [expr.arg, ...expr.list];
    case 'in-relation':
      return [expr.arg];
    case 'window':
      return [...expr.args, ...expr.partition, ...expr.order.map((key) => key.expr)];
  }
}

/** Visits an expression and its operands, outermost first; does not enter subqueries. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const operand of operandsOf(expr)) walkExpr(operand, visit);
}

/** Visits a relation, its inputs and the relations of subqueries in its expressions, outermost first. */
export function walkRelation(
  relation: Relation,
  visit: (relation: Relation) => void,
  visitExpr?: (expr: Expr) => void,
): void {
  visit(relation);
  const { inputs, exprs } = partsOf(relation);
  for (const input of inputs) walkRelation(input, visit, visitExpr);
  for (const root of exprs) {
    walkExpr(root, (expr) => {
      visitExpr?.(expr);
      if (expr.kind === 'exists' || expr.kind === 'in-relation') walkRelation(expr.relation, visit, visitExpr);
    });
  }
}

/** Rebuilds an expression bottom-up: `rewrite` sees each node after its operands; subqueries go through `rewriteRelation`. */
export function mapExpr(
  expr: Expr,
  rewrite: (expr: Expr) => Expr,
  rewriteRelation?: (relation: Relation) => Relation,
): Expr {
  const deep = (inner: Expr): Expr => mapExpr(inner, rewrite, rewriteRelation);
  const inside = rewriteRelation ?? ((relation: Relation): Relation => relation);
  switch (expr.kind) {
    case 'column':
    case 'literal':
      return rewrite(expr);
    case 'call':
      return rewrite({ ...expr, args: expr.args.map(deep) });
    case 'case':
      return rewrite({
        ...expr,
        branches: expr.branches.map((branch) => ({ when: deep(branch.when), result: deep(branch.result) })),
        otherwise: expr.otherwise === null ? null : deep(expr.otherwise),
      });
    case 'cast':
      return rewrite({ ...expr, arg: deep(expr.arg) });
    case 'in-list':
      return rewrite({ ...expr, arg: deep(expr.arg), list: expr.list.map(deep) });
    case 'in-relation':
      return rewrite({ ...expr, arg: deep(expr.arg), relation: inside(expr.relation) });
    case 'exists':
      return rewrite({ ...expr, relation: inside(expr.relation) });
    case 'window':
      return rewrite({
        ...expr,
        args: expr.args.map(deep),
        partition: expr.partition.map(deep),
        order: expr.order.map((key) => ({ ...key, expr: deep(key.expr) })),
      });
  }
}

/** Rebuilds a relation's direct parts: inputs through `relation`, expressions through `expr`; columns stay as they are. */
export function mapParts(
  node: Relation,
  relation: (input: Relation) => Relation,
  expr: (expr: Expr) => Expr,
): Relation {
  const item = (one: Item): Item => ({ column: one.column, expr: expr(one.expr) });
  const sortKey = (key: SortKey): SortKey => ({ ...key, expr: expr(key.expr) });
  const call = (one: AggregateCall): AggregateCall => ({
    ...one,
    args: one.args.map(expr),
    order: one.order.map(sortKey),
    filter: one.filter === null ? null : expr(one.filter),
  });
  switch (node.kind) {
    case 'table':
    case 'one-row':
    case 'values':
    case 'released':
      return node;
    case 'filter':
      return { ...node, input: relation(node.input), condition: expr(node.condition) };
    case 'project':
      return { ...node, input: relation(node.input), items: node.items.map(item) };
    case 'join':
      return {
        ...node,
        left: relation(node.left),
        right: relation(node.right),
        condition: node.condition === null ? null : expr(node.condition),
      };
    case 'aggregate':
      return {
        ...node,
        input: relation(node.input),
        keys: node.keys.map(item),
        aggregates: node.aggregates.map((one) => ({ column: one.column, call: call(one.call) })),
      };
    case 'distinct':
    case 'limit':
      return { ...node, input: relation(node.input) };
    case 'set':
      return { ...node, left: relation(node.left), right: relation(node.right) };
    case 'sort':
      return { ...node, input: relation(node.input), by: node.by.map(sortKey) };
  }
}

/** Columns an expression reads, those of subqueries' outer references included. */
export function columnsRead(expr: Expr): ReadonlySet<ColumnId> {
  const read = new Set<ColumnId>();
  const note = (inner: Expr): void => {
    if (inner.kind === 'column') read.add(inner.id);
  };
  walkExpr(expr, (inner) => {
    note(inner);
    if (inner.kind === 'exists' || inner.kind === 'in-relation') walkRelation(inner.relation, () => {}, note);
  });
  return read;
}

/** True where no expression refers to a row outside the relation. */
export function isClosed(relation: Relation): boolean {
  const inside = new Set<ColumnId>();
  const read = new Set<ColumnId>();
  walkRelation(relation, (node) => {
    for (const column of node.columns) inside.add(column.id);
    if (node.kind === 'project') for (const item of node.items) inside.add(item.column.id);
    if (node.kind === 'aggregate') for (const item of [...node.keys, ...node.aggregates]) inside.add(item.column.id);
    for (const expr of partsOf(node).exprs) for (const id of columnsRead(expr)) read.add(id);
  });
  for (const id of read) if (!inside.has(id)) return false;
  return true;
}

/** Conjuncts of a condition, left to right. */
export function conjuncts(condition: Expr): readonly Expr[] {
  return condition.kind === 'call' && condition.fn === 'and' ? condition.args.flatMap(conjuncts) : [condition];
}

/** Expressions of an aggregate: arguments, order, condition. */
export function callExprs(call: AggregateCall): readonly Expr[] {
  return [...call.args, ...call.order.map((key) => key.expr), ...(call.filter === null ? [] : [call.filter])];
}
