/** `gauze policy check`. */
import { readFileSync } from 'node:fs';
import { GauzeError } from '../../errors.ts';
import { lintPolicy, parsePolicy } from '../../policy/index.ts';
import { type Format, fail, print } from '../output.ts';
import { paint } from '../paint.ts';
import { printList } from '../tabular.ts';
import { proseWidth, wrapped } from '../wrap.ts';

/** Validates and lints a policy; exit code 2 when it is invalid, 0 with or without findings. */
export async function policyCheck(file: string, flags: { readonly format: Format }): Promise<number> {
  try {
    const findings = lintPolicy(parsePolicy(readPolicy(file), { file }));
    if (flags.format === 'json') print([JSON.stringify({ valid: true, findings })]);
    else if (flags.format !== 'table') {
      const names = ['severity', 'code', 'where', 'message', 'next'] as const;
      printList(
        names.map((name) => ({ name, values: findings.map((finding) => finding[name]) })),
        flags.format,
      );
    } else if (findings.length === 0) print(['The policy is valid; nothing in it looks weak.']);
    else {
      print(
        findings.flatMap(({ severity, code, where, message, next }) => {
          const [first = '', ...rest] = wrapped(`${code} ${where}: ${message}`, proseWidth(), 2);
          const painted = first.replace(code, paint(severity === 'warning' ? 'yellow' : 'dim', code));
          return [painted, ...rest, ...wrapped(`  Next: ${next}`, proseWidth(), 2)];
        }),
      );
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** Text of a policy file. @throws GauzeError USAGE when it cannot be read */
function readPolicy(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new GauzeError('USAGE', {
      message: `The policy file ${file} cannot be read.`,
      next: 'Check the path, or write a first policy with: gauze init FILE',
    });
  }
}
