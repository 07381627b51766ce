/** The form in which names are compared: ASCII letters folded and nothing else, as DuckDB compares identifiers. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
