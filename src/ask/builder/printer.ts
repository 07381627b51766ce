/** Where the text of a built question is put together: names in quotes where they need them, values as parameters. */
import { GauzeError } from '../../errors.ts';
import { foldName } from '../../policy/fold-name.ts';
import type { ParameterValue } from '../resolve.ts';
import { isBareAlias, KEYWORD_CLASSES } from '../sql/keywords.ts';

/** A table of one FROM. Its identity, not its name, says which columns are meant, so that a table may join itself. */
export interface Source {
  /** The name wanted for it; a second table of that name is called `name_2`. */
  readonly name: string;
}

/** One pass over a question. */
export class Printer {
  /** Values of `$1`, `$2`, … */
  readonly parameters: ParameterValue[] = [];
  readonly #places = new Map<ParameterValue, string>();
  readonly #names = new Map<Source, string>();

  /** The parameter that stands for a value; equal values share one, so that equal expressions print alike. */
  value(value: ParameterValue): string {
    // A value that is missing by mistake would pass for NULL.
    if (value === undefined) {
      throw new GauzeError('QUERY_PARAMETER', {
        message: 'A value of the question is undefined.',
        next: 'Give the value; to test for NULL write isNull().',
      });
    }
    if (value === null) return 'NULL';
    const place = this.#places.get(value) ?? `$${this.parameters.push(value)}`;
    this.#places.set(value, place);
    return place;
  }

  /** Prints a SELECT over sources, which have names of their own meanwhile, different from those of all queries around. */
  within<T>(sources: readonly Source[], print: () => T): T {
    for (const source of sources) this.#names.set(source, this.#freeName(source.name));
    const printed = print();
    for (const source of sources) this.#names.delete(source);
    return printed;
  }

  /** The name of a source inside its SELECT. */
  nameOf(source: Source): string {
    const name = this.#names.get(source);
    if (name !== undefined) return name;
    throw new GauzeError('QUERY_UNKNOWN_NAME', {
      message: `A column of ${source.name} is used outside the query it was taken from.`,
      next: 'Take columns from the arguments of the function that where, select and the others are given.',
    });
  }

  #freeName(wanted: string): string {
    const taken = new Set([...this.#names.values()].map(foldName));
    let name = wanted;
    for (let i = 2; taken.has(foldName(name)); i++) name = `${wanted}_${i}`;
    return name;
  }
}

/** A name as SQL reads it back. */
export function quoteName(name: string): string {
  const plain = /^[a-z_][a-z0-9_]*$/.test(name) && (isBareAlias(name) || KEYWORD_CLASSES.unreserved?.has(name));
  return plain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A constant text; for words of SQL that travel as texts, such as parts of dates. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
