import type { AggregateCall } from '../../ask/ir.ts';
import { SpannedError } from '../../errors.ts';
import type { AggregateRule } from './aggregate.ts';

/** Aggregates that would hand out one person's value: allowed inside a group that holds the unit, never across units. */
export function refused(instead: string): AggregateRule {
  return {
    needs(call: AggregateCall): never {
      throw new SpannedError('BOUND_NO_MECHANISM', call.span, {
        message: 'This aggregate puts out a value of one single person.',
        next: instead,
      });
    },
  };
}
