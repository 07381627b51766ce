/** What `init` may know: names and types. */

/** Tables of a file or folder. `source` is the DuckDB file that holds tables without a file of their own. */
export interface DraftCatalog {
  readonly source: string | null;
  readonly tables: readonly DraftTable[];
}

/** Whether a table's file holds text alone: names of columns, and no types. */
export function isUntyped({ file }: DraftTable): boolean {
  return file !== null && /\.(?:csv|tsv)(?:\.gz)?$/i.test(file);
}

/** A table; `file` is its Parquet or CSV file or glob, relative to where the policy will stand. */
export interface DraftTable {
  readonly name: string;
  readonly file: string | null;
  /** `type` as DuckDB names it. Labels of an ENUM may stand in it; they are never printed. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}
