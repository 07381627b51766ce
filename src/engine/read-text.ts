/** Text files in one dialect. */

/**
 * SQL that reads CSV (comma) or TSV (tab) files with a header, RFC 4180. Nothing of the dialect is guessed: a guess would
 * depend on the rows, and one person's row could change how all others are read.
 *
 * @param files - SQL of a list of names
 * @param name - a name with the files' ending
 */
export function readText(files: string, name: string): string {
  const delimiter = /\.tsv(\.gz)?$/i.test(name) ? '\t' : ',';
  return (
    `read_csv(${files}, all_varchar = true, header = true, delim = '${delimiter}', quote = '"', escape = '"', ` +
    "comment = '', skip = 0, strict_mode = true, null_padding = false, ignore_errors = false)"
  );
}
