/** `gauze register`: the data holder checks declarations and records the data version. */
import { registerData } from '../../index.node.ts';
import { fail, print } from './query.ts';

/** Registers every data set of a policy anew; exit code. */
export async function register(flags: {
  readonly policy: string;
  readonly engine?: 'native' | 'wasm';
}): Promise<number> {
  try {
    const names = await registerData(flags);
    print(names.map((name) => `${name}: registered; what the policy declares holds.`));
    return 0;
  } catch (thrown) {
    return fail(thrown, null, 'table');
  }
}
