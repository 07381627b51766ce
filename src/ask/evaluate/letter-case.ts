/**
 * Lower and upper case by code points, one to one: Unicode's simple mappings in version 15, which is what DuckDB's
 * utf8proc applies. JavaScript applies the full mappings of its own version; the differences are listed here.
 */

/** Letters that have no case partner in Unicode 15, as ranges of code points. */
const CASELESS: readonly (readonly [number, number])[] = [
  [0x19b, 0x19b],
  [0x264, 0x264],
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7cf],
  [0xa7d2, 0xa7d5],
  [0xa7da, 0xa7dc],
  [0x10d50, 0x10d85],
  [0x16ea0, 0x16ed3],
];

/** Small Greek letters with iota subscript: one letter in upper case, two in JavaScript's. */
const IOTA_SUBSCRIPT: readonly (readonly [number, number, number])[] = [
  [0x1f80, 0x1f87, 8],
  [0x1f90, 0x1f97, 8],
  [0x1fa0, 0x1fa7, 8],
  [0x1fb3, 0x1fb3, 9],
  [0x1fc3, 0x1fc3, 9],
  [0x1ff3, 0x1ff3, 9],
];

/** Lower case of a text. */
export function lower(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return mapped(text, (letter) => (letter === 'İ' ? 'i' : one(letter, letter.toLowerCase())));
}

/** Upper case of a text. */
export function upper(text: string): string {
  if (isAscii(text)) return text.toUpperCase();
  return mapped(text, (letter) => {
    if (letter === 'ß') return 'ẞ';
    const code = letter.codePointAt(0)!;
    for (const [first, last, distance] of IOTA_SUBSCRIPT) {
      if (code >= first && code <= last) return String.fromCodePoint(code + distance);
    }
    return one(letter, letter.toUpperCase());
  });
}

function mapped(text: string, map: (letter: string) => string): string {
  let result = '';
  for (const letter of text) result += map(letter);
  return result;
}

/** The partner if it is one code point and a partner already in Unicode 15. */
function one(letter: string, partner: string): string {
  const code = letter.codePointAt(0)!;
  if (partner.length > String.fromCodePoint(partner.codePointAt(0)!).length) return letter;
  return CASELESS.some(([first, last]) => code >= first && code <= last) ? letter : partner;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
