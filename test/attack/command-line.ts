/** The command line inside this process: arguments in, exit code and what it writes out. */
import { vi } from 'vitest';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `gauze` with the arguments; one at a time. */
export async function gauze(...args: readonly string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const { argv, exitCode } = process;
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      written[stream] += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
      return true;
    }),
  );
  process.argv = ['node', 'gauze', ...args];
  process.exitCode = undefined;
  vi.resetModules();
  try {
    await import('../../src/cli/main.ts');
    return { code: Number(process.exitCode ?? 0), ...written };
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
  }
}
