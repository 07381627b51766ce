/** `gauze withdraw`: units leave a data set, and a new data version begins without them. */
import { readFileSync } from 'node:fs';
import { GauzeError } from '../../errors.ts';
import { UNIT_ADVICE, type WithdrawalCount } from '../../index/withdrawing.node.ts';
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
    let count: WithdrawalCount = { dataset, listed: 0, found: 0 };
    await registerData({
      ...options,
      withdrawn: { [dataset]: unitsIn(units) },
      onWithdrawn: (told) => {
        count = told;
      },
    });
    if (format === 'json') print([JSON.stringify(count)]);
    else print(wordsOf(count));
    if (count.found < count.listed) warn(count);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function wordsOf({ dataset, listed, found }: WithdrawalCount): string[] {
  return [
    `${dataset}: ${listed} listed, ${found} found in the data and left out from the data version that begins now.`,
    'Answers that were released stay what they were; none is made from the old version any more.',
  ];
}

/** Whoever is not found is still in the data if the list writes him otherwise: that must not pass for a success. */
function warn({ dataset, listed, found }: WithdrawalCount): void {
  const missing = listed - found;
  const words = `Warning: ${missing} of the ${listed} units listed ${missing === 1 ? 'is' : 'are'} not in the data of ${dataset}. ${UNIT_ADVICE}`;
  process.stderr.write(`${words}\n`);
}

/** A unit as the file has it, without the quotes of a table program around it. */
function unquoted(line: string): string {
  const [quote = ''] = line;
  if ((quote !== '"' && quote !== "'") || line.length < 2 || !line.endsWith(quote)) return line;
  return line
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .trim();
}

function unitsIn(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new GauzeError('USAGE', { message: `${file} cannot be read.`, next: 'Name a file with one unit a line.' });
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const units = lines.filter((line) => line !== '').map(unquoted);
  if (units.length > 0) return units;
  throw new GauzeError('USAGE', {
    message: `${file} lists nobody.`,
    next: 'Write one unit a line, as the data have it.',
  });
}
