/** What lies beside a policy: journal, key, stored answers, registrations; mode 0700. */
import * as nodeFiles from 'node:fs';
import { join } from 'node:path';
import { acquire, unlock } from './charge/store/lock.node.ts';
import { makeFolder, readFile, replaceFile } from './crypto/durable-file.node.ts';
import { GauzeError } from './errors.ts';
import type { RegistrationStore } from './registration.ts';

/** `network.yaml` keeps its state in `network.gauze/`; made on first use. @throws GauzeError LEDGER_UNAVAILABLE */
export function stateFolder(policyFile: string | null, directory: string | undefined): string {
  const folder = directory ?? stateFolderName(policyFile ?? 'policy');
  try {
    makeFolder(folder);
  } catch {
    throw new GauzeError('LEDGER_UNAVAILABLE', {
      message: `The folder ${folder} for journal and key cannot be made.`,
      next: 'Make it writable for this user, or name another with `directory`.',
    });
  }
  return folder;
}

/** Name of the folder beside a policy file; makes none. */
export function stateFolderName(policyFile: string): string {
  return policyFile.replace(/\.(ya?ml|json)$/i, '').concat('.gauze');
}

/** Registrations in one small file, replaced whole under a lock that processes share. @throws GauzeError LEDGER_UNAVAILABLE */
export function registrationFile(folder: string): RegistrationStore {
  const path = join(folder, 'registration.json');
  const lock = `${path}.lock`;
  return {
    read: async () => {
      try {
        return readFile(path);
      } catch {
        // Taken for absent, changed data would be registered as if they were new.
        throw unavailable('read');
      }
    },
    update: async (change) => {
      try {
        const mine = await acquire(lock, nodeFiles);
        try {
          const text = change(readFile(path));
          if (text !== null) replaceFile(path, text);
        } finally {
          unlock(lock, mine, nodeFiles);
        }
      } catch (error) {
        throw error instanceof GauzeError ? error : unavailable('written');
      }
    },
  };
}

function unavailable(how: 'read' | 'written'): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: `The record of registered data versions cannot be ${how}.`,
    next: 'Let this user read and write registration.json and the folder it is in, beside the policy.',
  });
}
