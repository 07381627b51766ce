/** Where a policy's data and state lie on the disk. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GauzeError } from '../errors.ts';
import { actingAs } from '../govern/role.ts';
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

/** A policy as it is given, and its file; makes no folder. @throws GauzeError USAGE when the file cannot be read, POLICY_INVALID */
export function givenPolicy(given: Placed['policy']): { readonly policy: Policy; readonly file: string | null } {
  if (typeof given !== 'string') return { policy: isPolicy(given) ? given : policyFromObject(given), file: null };
  const file = resolve(given);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new GauzeError('USAGE', {
      message: `The policy file ${given} cannot be read.`,
      next: 'Check the path, or write a first policy with: gauze init FILE',
    });
  }
  return { policy: parsePolicy(text, { file: given }), file };
}

/** @throws GauzeError USAGE when the file cannot be read, POLICY_INVALID */
export function place(options: Placed): Place {
  const { policy, file } = givenPolicy(options.policy);
  if (file !== null) return { policy, base: dirname(file), folder: stateFolder(file, options.directory) };
  const folder = options.directory === undefined ? null : stateFolder(null, options.directory);
  return { policy, base: options.directory ?? process.cwd(), folder };
}

/** A policy with its state folder, for an officer. */
export interface StatePlace {
  readonly policy: Policy;
  readonly at: { readonly folder: string; readonly base: string };
  /** Who acts, where that is known. */
  readonly by: string | null;
}

/**
 * Where the state is, for acts on a journal that may not open: the officers are those of the file.
 *
 * @throws GauzeError USAGE where it has no folder, POLICY_INVALID, POLICY_ROLE
 */
export function placeForOfficer(options: Placed & { readonly as?: string }, now: Date): StatePlace {
  const { policy, base, folder } = place(options);
  if (folder === null) throw nowhere();
  const by = actingAs(policy, options.as ?? null, ['officer'], now.toISOString().slice(0, 10));
  return { policy, at: { folder, base }, by };
}

/** A policy without a file, and without a folder of its own. */
export function nowhere(): GauzeError {
  return new GauzeError('USAGE', {
    message: 'A policy given as an object has no place for its journal.',
    next: 'Give a directory (or a ledger store of your own) to open.',
  });
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
