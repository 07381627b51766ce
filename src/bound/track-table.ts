/** Scans: only what is wanted, the unit beside it, and no row without a unit. */

import { columnExpr } from '../ask/column-expr.ts';
import type { Column, ColumnId, Relation, TableRelation } from '../ask/ir.ts';
import { invariant } from '../errors.ts';
import { columnType } from '../policy/column-type.ts';
import { admittedWords } from './admitted-words.ts';
import { declaredFacts, unknownFacts } from './declared.ts';
import { type Declared, declarationOf, isLinkTarget, linkKeyOf, ownUnitName, unitKeyOf } from './links.ts';
import { makeCall, makeComparison, makeFilter } from './make-expr.ts';
import type { ColumnFacts, Link, Tracked } from './tracked.ts';
import { note, type Walk, type Wanted } from './walk.ts';

/** A scan that is being put together. */
class Scan {
  readonly declared: Declared;
  readonly columns: Column[] = [];
  readonly source: string[] = [];
  readonly #walk: Walk;

  constructor(declared: Declared, walk: Walk) {
    this.declared = declared;
    this.#walk = walk;
  }

  add(column: Column, source: string): void {
    this.columns.push(column);
    this.source.push(source);
  }

  /** The scan's column for one of the table's, added where it is not listed yet. */
  column(source: string): Column {
    const at = this.source.indexOf(source);
    const known = this.columns[at];
    if (known !== undefined) return known;
    const type = columnType(this.declared.table, source);
    const column: Column = { id: this.#walk.context.fresh(), name: source, type, nullable: true };
    this.add(column, source);
    return column;
  }

  relation(of: TableRelation): TableRelation {
    return { ...of, table: this.declared.table.name, columns: this.columns, source: this.source };
  }
}

/**
 * Lowers a scan. A table that reaches its unit through another is joined to it on the verified link key, and so on down
 * the chain; rows with a NULL unit are dropped right at the scan that holds the unit, before anything can group them.
 *
 * Where a question is about some units only (`TableRelation.units`), the scans that hold the unit show those units' rows.
 * That is enough: by induction along the chain of links, every row of every other protected table is joined (inner) to a
 * row of such a scan, and has that row's unit. Withdrawn units, whose rows the views of these tables lack, are gone from
 * the whole data set for the same reason.
 *
 * Let A(D) be a database without the rows of units that are not admitted. Whether a unit is admitted follows from its own
 * rows and the policy alone, so if D′ is D without the unit u, A(D′) is A(D) without u, or A(D) itself: the transformation
 * is stable, and a plan that is private over A(D) is so over D ([McSherry09] §2.3). All that is verified of D holds in A(D),
 * which lacks whole units and nothing else: a table that has one row per unit, a link key or a public key that has each
 * value once, and a column without NULL keep these in every subset of rows; who reaches which unit is decided row by row.
 * Cells, chains and own ranges are proven for any rows that the policy allows, so for these.
 */
export function trackTable(relation: TableRelation, wanted: Wanted, walk: Walk): Tracked {
  const declared = declarationOf(relation, walk.context.policy);
  const scan = new Scan(declared, walk);
  relation.columns.forEach((column, index) => {
    if (wanted === null || wanted.has(column.id)) scan.add(column, relation.source[index] ?? '');
  });
  const facts = factsOf(relation, declared);
  if (declared.table.public) {
    const [first] = relation.columns;
    if (scan.columns.length === 0 && first !== undefined) scan.add(first, relation.source[0] ?? '');
    return {
      relation: scan.relation(relation),
      unit: null,
      keys: scan.columns.flatMap((column, at) => (scan.source[at] === declared.table.key ? [[column.id]] : [])),
      perUnit: new Set(),
      links: new Map(),
      determinesUnit: new Set(),
      facts: { columns: facts },
    };
  }
  // The unit keeps its own id where the table shows it, wanted or not.
  relation.columns.forEach((column, index) => {
    const isUnit = declared.table.unit?.kind === 'column' && declared.table.unit.column === relation.source[index];
    if (isUnit && !scan.columns.includes(column)) scan.add(column, relation.source[index] ?? '');
  });
  return withUnit(relation, scan, facts, walk);
}

function withUnit(relation: TableRelation, scan: Scan, facts: Map<ColumnId, ColumnFacts>, walk: Walk): Tracked {
  const { declared } = scan;
  const own = [...scan.columns];
  const { relation: lowered, unit } = attachUnit(relation, scan, walk);
  const links = new Map<ColumnId, Link>();
  own.forEach((column, index) => {
    const key = linkKeyOf(declared, scan.source[index] ?? '');
    if (key !== null) links.set(column.id, { key, nullable: false });
  });
  const unitKey = unitKeyOf(declared.dataset);
  links.set(unit.id, { key: unitKey, nullable: false });
  for (const [id, { key }] of links) {
    const known = facts.get(id) ?? unknownFacts(ownUnitName(declared));
    facts.set(id, { ...known, nullable: false, hidden: known.hidden || key === unitKey });
  }
  const keys = declared.table.unique ? [[unit.id]] : [];
  own.forEach((column, index) => {
    if (isLinkTarget(declared, scan.source[index] ?? '') && column.id !== unit.id) keys.push([column.id]);
  });
  return {
    relation: lowered,
    unit: unit.id,
    keys,
    perUnit: new Set(declared.table.unique ? [...own.map((column) => column.id), unit.id] : [unit.id]),
    links,
    determinesUnit: new Set(links.keys()),
    facts: { columns: facts },
  };
}

/** The scan with its unit: a filter where the table holds it, else a join to the table it is reached through. */
function attachUnit(
  relation: TableRelation,
  scan: Scan,
  walk: Walk,
): { readonly relation: Relation; readonly unit: Column } {
  const { dataset, table } = scan.declared;
  const { span, units } = relation;
  invariant(table.unit !== null, 'a protected table has a unit');
  if (units !== undefined) note(walk.context, `Only units ${admittedWords(units)} are counted.`);
  if (table.unit.kind === 'column') {
    const unit = scan.column(table.unit.column);
    if (table.columns.get(table.unit.column)?.nullable !== false) {
      note(walk.context, `Rows of ${table.name} without ${table.unit.column} belong to nobody and are left out.`);
    }
    const present = makeCall('is-not-null', [columnExpr(unit, span)], 'boolean', false, span);
    return { relation: makeFilter(scan.relation(relation), present), unit };
  }
  const link = scan.column(table.unit.on);
  const target = dataset.tables.get(table.unit.table);
  invariant(target !== undefined, 'a table is linked through a table of its data set');
  const far = new Scan({ dataset, table: target }, walk);
  const key = far.column(table.unit.on);
  const reached = attachUnit(relation, far, walk);
  note(walk.context, `Rows of ${table.name} without a row of ${target.name} belong to nobody and are left out.`);
  const condition = makeComparison('eq', columnExpr(link, span), columnExpr(key, span), span);
  const near = scan.relation(relation);
  return {
    relation: {
      kind: 'join',
      type: 'inner',
      left: near,
      right: reached.relation,
      condition,
      columns: [...near.columns, ...reached.relation.columns],
      span,
    },
    unit: reached.unit,
  };
}

/** Facts of all listed columns, wanted or not: a bound by code is of use though the code is not put out. */
function factsOf(relation: TableRelation, { table }: Declared): Map<ColumnId, ColumnFacts> {
  const idOf = (name: string): ColumnId | null => relation.columns[relation.source.indexOf(name)]?.id ?? null;
  return new Map(
    relation.columns.map((column, index) => {
      const declared = table.columns.get(relation.source[index] ?? '');
      const facts =
        declared === undefined
          ? { ...unknownFacts(column.name), hidden: !table.public }
          : declaredFacts(declared, idOf);
      return [column.id, facts];
    }),
  );
}
