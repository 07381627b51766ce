/** What a policy declares of its data beyond their types: verified once per data version, when they are registered. */

/** `unique`: no two rows share the column's value, and none lacks it. `one-row`: one row for a unit. `complete`: no row lacks it. */
export interface Declaration {
  readonly kind: 'unique' | 'one-row' | 'complete';
  readonly table: string;
  /** For `one-row` the unit's column, in the table that holds it. */
  readonly column: string;
}

/** What is wrong where a declaration does not hold: names only, never counts. */
export function failureText({ kind, table, column }: Declaration): string {
  switch (kind) {
    case 'unique':
      return `${table}.${column}: not unique, or missing in some row`;
    case 'one-row':
      return `${table}: more than one row for a ${column}`;
    case 'complete':
      return `${table}.${column}: missing in some row`;
  }
}

/** Whether a value that was read from a file is a declaration. */
export function isDeclaration(value: unknown): value is Declaration {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, table, column } = value as Partial<Record<keyof Declaration, unknown>>;
  return (
    (kind === 'unique' || kind === 'one-row' || kind === 'complete') &&
    typeof table === 'string' &&
    typeof column === 'string'
  );
}
