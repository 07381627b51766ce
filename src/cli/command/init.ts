/** `gauze init`: a first policy from the schema alone. */

import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { draftCatalog } from '../../engine/catalog.node.ts';
import { GauzeError } from '../../errors.ts';
import { draftPolicy } from '../../policy/index.ts';
import { fail, print } from '../output.ts';
import { unwritable } from '../records.ts';

const DEFAULT_OUTPUT = 'policy.yaml';

/** Writes a commented policy for a file or folder; never overwrites; exit code. */
export async function init(path: string, flags: { readonly output?: string }): Promise<number> {
  try {
    const output = flags.output ?? DEFAULT_OUTPUT;
    const text = draftPolicy(await draftCatalog(path, output === '-' ? '.' : dirname(output)));
    if (output === '-') {
      print([text.trimEnd()]);
      return 0;
    }
    if (existsSync(output)) {
      throw new GauzeError('USAGE', {
        message: `${output} exists already.`,
        next: 'Name another file with --output, or "-" for stdout.',
      });
    }
    write(output, text);
    print([`${output} is written. Read it, set bounds and budgets, then: npx gauze policy check ${output}`]);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, 'table');
  }
}

/** @throws GauzeError USAGE */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch {
    throw unwritable(file);
  }
}
