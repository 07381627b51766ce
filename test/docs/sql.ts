/** Questions of the documentation: planned against its policy, and asked of a network that nobody lives in. */
import { join } from 'node:path';
import { releaseLines } from '../../src/cli/command/query.ts';
import { errorLines } from '../../src/cli/output.ts';
import { GauzeError } from '../../src/errors.ts';
import { memoryStore, open } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Session } from '../../src/session.ts';
import { rewritten } from '../policy/network.ts';

/** A session that can afford every question of a page. */
export async function affluent(folder: string): Promise<Session> {
  const richer = rewritten('budget: { epsilon: 20,', 'budget: { epsilon: 9000,');
  const policy = parsePolicy(rewritten('epsilon: 10,', 'epsilon: 9000,', richer));
  return open({ policy, as: 'dr-lee', ledger: memoryStore(), directory: join(folder) });
}

/** Statements of a block: each ends with a semicolon at the end of a line, or with the block. */
export function statementsOf(text: string): string[] {
  return text
    .split(/;[ \t]*(?:--[^\n]*)?(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** Refusal of a question as a terminal shows it; null when it is answered. */
export async function refusal(session: Session, sql: string): Promise<{ code: string; lines: string } | null> {
  try {
    await session.query(sql, { epsilon: 1 });
    return null;
  } catch (error) {
    if (!(error instanceof GauzeError)) throw error;
    return { code: error.code, lines: errorLines(error, sql).join('\n') };
  }
}

/** Answer to a question over public tables, or none, as a terminal shows it. */
export async function exactAnswer(session: Session, sql: string): Promise<string> {
  const release = await session.query(sql);
  const lines = releaseLines(release);
  return lines.slice(0, lines.indexOf('')).join('\n');
}
