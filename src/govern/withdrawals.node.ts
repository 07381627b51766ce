/** Who has withdrawn, in a file of the state folder, mode 0600. It names persons: it stays with the data holder. */
import { join } from 'node:path';
import { readFile, replaceFile } from '../crypto/durable-file.node.ts';
import { GauzeError } from '../errors.ts';

/** Units by data set, each as the engine casts it to text. */
export type WithdrawnUnits = Readonly<Record<string, readonly string[]>>;

/** The lists of a state folder; empty where nobody has withdrawn. @throws GauzeError LEDGER_UNAVAILABLE */
export function withdrawnIn(folder: string | null): WithdrawnUnits {
  if (folder === null) return {};
  try {
    const text = readFile(join(folder, FILE));
    const lists: unknown = text === null ? {} : JSON.parse(text);
    if (isLists(lists)) return lists;
  } catch {
    // Taken for empty, withdrawn units would be read again.
  }
  throw unavailable();
}

/** Lists with more units on them, each once. */
export function joined(lists: WithdrawnUnits, leaving: WithdrawnUnits): WithdrawnUnits {
  const added = Object.entries(leaving).map(([dataset, units]) => [
    dataset,
    [...new Set([...(lists[dataset] ?? []), ...units])].sort(),
  ]);
  return { ...lists, ...Object.fromEntries(added) };
}

/** Adds units to the lists of a state folder, durably. @throws GauzeError LEDGER_UNAVAILABLE */
export function keepWithdrawn(folder: string, leaving: WithdrawnUnits): void {
  const lists = joined(withdrawnIn(folder), leaving);
  try {
    replaceFile(join(folder, FILE), `${JSON.stringify(lists, null, 1)}\n`);
  } catch {
    throw unavailable();
  }
}

const FILE = 'withdrawn.json';

function isLists(value: unknown): value is WithdrawnUnits {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((list) => Array.isArray(list) && list.every((unit) => typeof unit === 'string'))
  );
}

function unavailable(): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: 'The list of those who have withdrawn cannot be read or written, so no data are opened.',
    next: `Let this user read and write ${FILE} beside the journal, or restore it from a backup.`,
  });
}
