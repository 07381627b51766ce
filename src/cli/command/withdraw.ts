/** `gauze withdraw`: units leave a data set, and a new data version begins without them. */
import { readFileSync } from 'node:fs';
import { GauzeError } from '../../errors.ts';
import { registerData } from '../../index.node.ts';
import { type Format, fail, print } from '../output.ts';

/** Leaves out the units that a file lists, one a line; "-" is stdin; exit code. */
export async function withdrawing(
  dataset: string,
  flags: {
    readonly policy: string;
    readonly as?: string;
    readonly units: string;
    readonly engine?: 'native' | 'wasm';
    readonly format: Format;
  },
): Promise<number> {
  try {
    const { units, format, ...options } = flags;
    const listed = unitsIn(units);
    await registerData({ ...options, withdrawn: { [dataset]: listed } });
    if (format === 'json') print([JSON.stringify({ dataset, listed: listed.length })]);
    else {
      print([
        `${dataset}: ${listed.length} ${listed.length === 1 ? 'unit is' : 'units are'} left out from the data version that begins now.`,
        'Answers that were released stay what they were; none is made from the old version any more.',
      ]);
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function unitsIn(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new GauzeError('USAGE', { message: `${file} cannot be read.`, next: 'Name a file with one unit a line.' });
  }
  const units = text.split(/\r?\n/).filter((line) => line !== '');
  if (units.length > 0) return units;
  throw new GauzeError('USAGE', {
    message: `${file} lists nobody.`,
    next: 'Write one unit a line, as the data have it.',
  });
}
