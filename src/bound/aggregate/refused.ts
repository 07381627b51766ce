import type { AggregateCall } from '../../ask/ir.ts';
import type { SqlType } from '../../ask/types.ts';
import { SpannedError } from '../../errors.ts';
import { boundedRangeOf } from '../range.ts';
import type { Range } from '../tracked.ts';
import type { AggregateRule, AggregateScope } from './aggregate.ts';

/** Aggregates that would hand out one person's value: allowed inside a group that holds the unit, never across units. */
export function refused(instead: string | ((of: string, type: SqlType, range: Range | null) => string)): AggregateRule {
  return {
    needs(call: AggregateCall, { text, facts }: AggregateScope): never {
      const [arg] = call.args;
      const written = arg === undefined ? '' : text.slice(arg.span.start, arg.span.end).replace(/\s+/g, ' ');
      const shown = written === '' || written.length > SHOWN_MAX ? 'x' : written;
      throw new SpannedError('BOUND_NO_MECHANISM', call.span, {
        message: 'This aggregate puts out a value of one single person.',
        next:
          typeof instead === 'string'
            ? instead
            : instead(shown, arg?.type ?? 'null', arg === undefined ? null : boundedRangeOf(arg, facts)),
      });
    },
  };
}

/** Longest argument that advice repeats. */
const SHOWN_MAX = 40;

/**
 * The same, under the name that was written: there is no mechanism for them across units. Inside a group that holds the
 * unit they are answered.
 *
 * @param why - what the function does, after its name
 */
export function refusedByName(why: string, instead: string): AggregateRule {
  return {
    needs(call: AggregateCall, { text }: AggregateScope): never {
      const { start } = call.span;
      const name = /^"?(\w+)/.exec(text.slice(start, call.span.end))?.[1] ?? call.name;
      const span = { start, end: start + name.length };
      throw new SpannedError('QUERY_UNSUPPORTED', span, { message: `${name.toLowerCase()} ${why}`, next: instead });
    },
  };
}
