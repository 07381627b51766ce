/** What lies beside a policy: journal, key, stored answers, registrations; mode 0700. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GauzeError } from './errors.ts';
import type { RegistrationStore } from './registration.ts';

/** `network.yaml` keeps its state in `network.gauze/`; made on first use. */
export function stateFolder(policyFile: string | null, directory: string | undefined): string {
  const folder = directory ?? (policyFile ?? 'policy').replace(/\.(ya?ml|json)$/i, '').concat('.gauze');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    throw new GauzeError('LEDGER_UNAVAILABLE', {
      message: `The folder ${folder} for journal and key cannot be made.`,
      next: 'Make it writable for this user, or name another with `directory`.',
    });
  }
  return folder;
}

/** Registrations in one small file, replaced whole. */
export function registrationFile(folder: string): RegistrationStore {
  const path = join(folder, 'registration.json');
  return {
    read: async () => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    write: async (text) => {
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}
