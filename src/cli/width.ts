/** How wide text stands in a terminal, and text that cannot steer one. */

/** Two columns wide: East Asian wide and fullwidth forms (Unicode 15, UAX #11), by their large blocks. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
const PICTURE = /^\p{Emoji_Presentation}|^\p{Extended_Pictographic}\ufe0f|^\p{RI}\p{RI}/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a terminal gives the text. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (!INVISIBLE.test(segment)) columns += WIDE.test(segment) || PICTURE.test(segment) ? 2 : 1;
  }
  return columns;
}

/** The text with one space for every character that moves the cursor, ends the line, or turns the writing around. */
export function steadied(text: string): string {
  return text.replace(STEERING, ' ');
}
