/** `gauze register`: the data holder checks declarations and records the data version. */
import { registerData } from '../../index.node.ts';
import { type Format, fail, print } from '../output.ts';
import { printList } from '../tabular.ts';

/** Registers every data set of a policy anew; exit code. */
export async function register(flags: {
  readonly policy: string;
  readonly as?: string;
  readonly engine?: 'native' | 'wasm';
  readonly format: Format;
}): Promise<number> {
  try {
    const { format, ...options } = flags;
    const registered = await registerData(options);
    if (format === 'json') print([JSON.stringify({ registered })]);
    else if (format !== 'table') printList([{ name: 'dataset', values: registered }], format);
    else print(registered.map((name) => `${name}: registered; what the policy declares holds.`));
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}
