/** Everything in which data and policy differ, said at once. */
import { GauzeError } from '../errors.ts';
import { placeOf } from '../policy/places.ts';
import type { Policy } from '../policy/policy.ts';

/** Longest list printed; data with more are mostly other data. */
const PRINTED_MAX = 50;

interface Misfit {
  readonly keys: readonly string[];
  readonly error: GauzeError;
}

/** The misfits of a data set, in the order found. */
export class Misfits {
  readonly #found: Misfit[] = [];

  /** What `work` gives; undefined where it finds the policy unfit, which is kept. `keys` are the names from the data set on. */
  async attempt<T>(keys: readonly string[], work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GauzeError) || error.code !== 'POLICY_INVALID') throw error;
      if (!this.#found.some((known) => known.error.message === error.message)) this.#found.push({ keys, error });
      return undefined;
    }
  }

  /** @throws GauzeError POLICY_INVALID with every misfit and its place in the policy's file; `at` is the first one's */
  throwIfAny(policy: Policy): void {
    const [first] = this.#found;
    if (first === undefined) return;
    const lines = this.#found.map(({ keys, error }) => {
      const place = placeOf(policy, keys);
      return `${place === null ? '' : `${place.text}: `}${error.message.replace(/[^.]$/, '$&.')}`;
    });
    const shown = this.#found.slice(0, PRINTED_MAX).map(({ error }, index) => `  ${lines[index]} ${error.next}`);
    const rest = this.#found.length - shown.length;
    const at = placeOf(policy, first.keys);
    throw new GauzeError('POLICY_INVALID', {
      message:
        lines.length === 1
          ? (lines[0] as string)
          : [
              `The policy does not fit the data in ${lines.length} places:`,
              ...shown,
              ...(rest > 0 ? [`  … and ${rest} more.`] : []),
            ].join('\n'),
      next: first.error.next,
      at: at?.at ?? null,
      fields: { ...first.error.fields, file: at?.file ?? null, problems: lines.length },
    });
  }
}
