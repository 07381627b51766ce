/** Where a policy's data and state lie on the disk. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GauzeError } from '../errors.ts';
import { type PolicyInput, parsePolicy, policyFromObject } from '../policy/index.ts';
import type { Policy } from '../policy/policy.ts';
import type { RegistrationStore } from '../registration.ts';
import { registrationFile, stateFolder } from '../state.node.ts';
import { isPolicy } from './opening.ts';

/** A policy, and where its state is kept if not beside it. */
export interface Placed {
  /** Path of a policy file, a plain object of the same shape, or a parsed policy. */
  readonly policy: string | PolicyInput | Policy;
  /** Folder of journal, key, registrations and answers; by default one beside the policy file. */
  readonly directory?: string;
}

/** A policy with its folders. */
export interface Place {
  readonly policy: Policy;
  /** Folder that relative file names start from. */
  readonly base: string;
  /** Folder of journal, key and answers; null for policies given as objects without a directory. */
  readonly folder: string | null;
}

/** @throws GauzeError USAGE when the file cannot be read, POLICY_INVALID */
export function place(options: Placed): Place {
  if (typeof options.policy === 'string') {
    const file = resolve(options.policy);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      throw new GauzeError('USAGE', {
        message: `The policy file ${options.policy} cannot be read.`,
        next: 'Check the path, or write a first policy with: gauze init FILE',
      });
    }
    return {
      policy: parsePolicy(text, { file: options.policy }),
      base: dirname(file),
      folder: stateFolder(file, options.directory),
    };
  }
  const policy = isPolicy(options.policy) ? options.policy : policyFromObject(options.policy);
  const folder = options.directory === undefined ? null : stateFolder(null, options.directory);
  return { policy, base: options.directory ?? process.cwd(), folder };
}

/** The record of data versions; without a folder it lasts as long as the session. */
export function registrationsIn(folder: string | null): RegistrationStore {
  return folder === null ? unwritten() : registrationFile(folder);
}

function unwritten(): RegistrationStore {
  let text: string | null = null;
  return {
    read: async () => text,
    update: async (change) => {
      text = change(text) ?? text;
    },
  };
}
