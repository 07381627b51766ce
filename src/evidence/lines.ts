/** A journal file as its entries: one a line. */

const NEWLINE = 10;
/** No entry is longer; a file without line ends is no journal. */
const ENTRY_BYTES_MOST = 64 * 1024 * 1024;

/** Bytes that come at once or piece by piece. */
export type Bytes = Uint8Array | AsyncIterable<Uint8Array>;

/** One line, and whether its end is there. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly ended: boolean;
}

/** Lines of a file, in order, without their ends; an empty last one is none. */
export async function* linesOf(file: Bytes): AsyncGenerator<Line> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of file instanceof Uint8Array ? [file] : file) {
    const bytes = rest.length === 0 ? chunk : joined(rest, chunk);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE, start); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield { bytes: bytes.subarray(start, end), ended: true };
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > ENTRY_BYTES_MOST) break;
  }
  if (rest.length > 0) yield { bytes: rest, ended: false };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
