/** Names joined by dots. */

/** `table.column` in every way it may be meant: names may hold dots themselves, so each is tried as the one between. */
export function splitsOf(text: string): readonly { readonly table: string; readonly column: string }[] {
  return [...text.matchAll(/\./g)]
    .map(({ index }) => ({ table: text.slice(0, index), column: text.slice(index + 1) }))
    .filter((split) => split.table !== '' && split.column !== '');
}
