/** Names of types in CAST and `::`. Whether a type exists is the resolver's question. */
import type { Cursor } from './cursor.ts';
import { isReserved } from './keywords.ts';
import { unsupported } from './refuse.ts';
import type { TypeName } from './syntax.ts';

const NESTED: ReadonlySet<string> = new Set(['struct', 'map', 'union', 'row', 'enum', 'array', 'list', 'setof']);

/** A type: one word, or the several of `double precision`, `character varying`, `timestamp with time zone`. */
export function parseTypeName(cursor: Cursor): TypeName {
  const start = cursor.peek().start;
  const word = cursor.peek();
  if (word.kind !== 'word' || (isReserved(word.symbol) && !NESTED.has(word.symbol))) throw cursor.fail('a type');
  cursor.take();
  let name = word.symbol;
  if (NESTED.has(name)) throw nestedType(cursor, start);
  if (name === 'double' && cursor.accept('precision')) name = 'double precision';
  if (name === 'character' && cursor.accept('varying')) name = 'character varying';
  const modifiers = cursor.at('(') ? parseModifiers(cursor) : [];
  if (name === 'timestamp' || name === 'time') name += parseZone(cursor);
  if (cursor.at('[') || cursor.at('array')) throw nestedType(cursor, start);
  if (cursor.at('.')) {
    throw unsupported(
      cursor.peek(),
      'Types of a schema are not supported.',
      'Write a plain type such as INTEGER or DATE.',
    );
  }
  return { name, modifiers, span: cursor.spanFrom(start) };
}

function parseZone(cursor: Cursor): string {
  const word = cursor.at('with') ? 'with' : cursor.at('without') ? 'without' : null;
  if (word === null || !cursor.at('time', 1) || !cursor.at('zone', 2)) return '';
  for (let i = 0; i < 3; i++) cursor.take();
  return word === 'with' ? ' with time zone' : '';
}

function parseModifiers(cursor: Cursor): readonly number[] {
  const open = cursor.take();
  const modifiers: number[] = [];
  do {
    const token = cursor.peek();
    if (token.kind !== 'number' || !/^\d{1,3}$/.test(token.value)) {
      throw cursor.fail('a whole number below 1000 in the type');
    }
    modifiers.push(Number(token.value));
    cursor.take();
  } while (cursor.accept(','));
  cursor.expect(')', 'the closing parenthesis of the type');
  if (modifiers.length > 2) {
    throw unsupported(cursor.spanFrom(open.start), 'A type has at most two numbers.', 'Write DECIMAL(10, 2).');
  }
  return modifiers;
}

function nestedType(cursor: Cursor, start: number): Error {
  if (cursor.accept('[')) {
    if (cursor.peek().kind === 'number') cursor.take();
    cursor.accept(']');
  } else cursor.accept('array');
  return unsupported(
    cursor.spanFrom(start),
    'Lists, structs, maps, unions and enums are not supported.',
    'Use VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE or TIMESTAMP.',
  );
}
