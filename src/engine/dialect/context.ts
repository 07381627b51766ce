/** What one statement is printed with: where tables and columns are found, and where texts go. */
import type { ColumnId, Relation } from '../../ask/ir.ts';
import { invariant } from '../../errors.ts';
import { boundTexts, columnName, type Texts, writtenTexts } from './literal.ts';
import type { Nature, Printed } from './printed.ts';

/** A table as the engine has attached it. */
export interface AttachedTable {
  /** Quoted name of the view or table. */
  readonly from: string;
  /** By the policy's column name: quoted name in `from`, and nature. */
  readonly columns: ReadonlyMap<string, { readonly name: string; readonly nature: Nature }>;
  /** The policy's name of the column that holds the unit; null where there is none, or another table has it. */
  readonly unit: string | null;
  /** At most one row per unit, as declared and verified. */
  readonly unique: boolean;
}

/** How to print for one engine. */
export interface DialectOptions {
  /** The attached table; null when it is not attached. */
  table(dataset: string, name: string): AttachedTable | null;
  /** Texts as `$n` parameters, or written inside the SQL. */
  readonly texts: 'bound' | 'written';
  /** Selection by MD5 of a canonical text instead of DuckDB's own hash: for comparing engines, slower. */
  readonly portableHash: boolean;
}

/** A statement under construction. */
export class PrintContext {
  readonly options: DialectOptions;
  readonly texts: Texts;
  readonly #natures = new Map<ColumnId, Nature>();
  #aliases = 0;
  /** Prints a subquery; set by the relation printer, so that expressions need not import it. */
  readonly printRelation: (relation: Relation, context: PrintContext) => string;

  constructor(options: DialectOptions, printRelation: (relation: Relation, context: PrintContext) => string) {
    this.options = options;
    this.texts = options.texts === 'bound' ? boundTexts() : writtenTexts();
    this.printRelation = printRelation;
  }

  /** Records what a column of the tree holds. */
  define(id: ColumnId, nature: Nature): void {
    this.#natures.set(id, nature);
  }

  /** A column of the tree as an expression. */
  column(id: ColumnId): Printed {
    const nature = this.#natures.get(id);
    invariant(nature !== undefined, 'every column is defined below its use');
    return { ...nature, sql: columnName(id) };
  }

  /** A fresh alias for a subquery. */
  alias(): string {
    this.#aliases += 1;
    return `"r${this.#aliases}"`;
  }
}

/** A statement ready to run. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly string[];
}
