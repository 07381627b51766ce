/** Constants and parameters. */
import type { Cursor } from './cursor.ts';
import { badParameter } from './refuse.ts';
import type { NumberLiteral, Parameter } from './syntax.ts';
import type { Token } from './tokenize.ts';

const PARAMETER_INDEX_MAX = 10_000;

/** The literal that a number token writes. */
export function numberLiteral(token: Token): NumberLiteral {
  const text = token.value;
  const form = /[eE]/.test(text) ? 'scientific' : text.includes('.') ? 'decimal' : 'integer';
  return { kind: 'number', form, text, span: { start: token.start, end: token.end } };
}

/** `?`, `$1` or `$name`; one question uses one of the three. */
export function parseParameter(cursor: Cursor): Parameter {
  const token = cursor.take();
  const style = styleAt(cursor.text, token.start);
  const first = cursor.parameters[0];
  const firstStyle = first === undefined ? style : styleAt(cursor.text, first.span.start);
  if (firstStyle !== style) {
    throw badParameter(
      token,
      `Parameters of two kinds are mixed: ${firstStyle} and ${style}.`,
      'Use only one of ?, $1 and $name in one question.',
    );
  }
  const index = style === '?' ? cursor.parameters.length + 1 : Number(token.value);
  if (style !== '$name' && !(index >= 1 && index <= PARAMETER_INDEX_MAX)) {
    throw badParameter(
      token,
      `Parameters are numbered from 1 to ${PARAMETER_INDEX_MAX}.`,
      'Write $1 for the first one.',
    );
  }
  const key = style === '$name' ? token.value.toLowerCase() : index;
  const parameter: Parameter = { kind: 'parameter', key, span: { start: token.start, end: token.end } };
  cursor.parameters.push(parameter);
  return parameter;
}

function styleAt(text: string, start: number): '?' | '$1' | '$name' {
  if (text[start] === '?') return '?';
  return /\d/.test(text[start + 1] ?? '') ? '$1' : '$name';
}
