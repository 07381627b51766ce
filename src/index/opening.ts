/** What opening a session takes on every platform. */
import type { Store } from '../charge/ledger.ts';
import type { Engine } from '../engine/engine.ts';
import type { Withdrawals } from '../engine/withdrawals.ts';
import { GauzeError } from '../errors.ts';
import type { PolicyInput } from '../policy/index.ts';
import type { Policy } from '../policy/policy.ts';
import { type RegisterMode, type RegistrationStore, versionOf } from '../registration.ts';
import type { Session } from '../session.ts';

/** Whether a policy is parsed already. @throws GauzeError USAGE where there is none at all */
export function isPolicy(policy: PolicyInput | Policy): policy is Policy {
  if (typeof policy !== 'object' || policy === null) {
    throw new GauzeError('USAGE', {
      message: 'No policy is given.',
      next: "Write open({ policy: 'network.yaml', as: 'dr-lee' }).",
    });
  }
  return policy.datasets instanceof Map;
}

/** Attaches every data set of a policy, without the units that have withdrawn from it. @throws GauzeError as `versionsOf` */
export async function attachAll(
  engine: Engine,
  policy: Policy,
  withdrawn: Readonly<Record<string, Withdrawals>> = {},
): Promise<void> {
  for (const dataset of policy.datasets.values()) await engine.attach(policy, dataset, withdrawn[dataset.name] ?? []);
}

/**
 * The version label of every data set of a policy; they are attached.
 *
 * @throws GauzeError POLICY_INVALID, POLICY_DATASET, ENGINE_UNAVAILABLE
 */
export async function versionsOf(
  engine: Engine,
  policy: Policy,
  store: RegistrationStore,
  secret: Uint8Array,
  mode: RegisterMode,
): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const dataset of policy.datasets.values()) {
    versions.set(dataset.name, await versionOf(engine, dataset, store, secret, mode, policy));
  }
  return versions;
}

/** Ends an engine and a journal; the journal also where the engine does not end well. */
export async function end(engine: Engine, journal: Store | null): Promise<void> {
  try {
    await engine.close();
  } finally {
    await journal?.close();
  }
}

/** A session that says `note` with its first answer. */
export function withNote(session: Session, note: string | null): Session {
  let unsaid = note;
  return {
    ...session,
    query: async (question, options) => {
      const release = await session.query(question, options);
      if (unsaid === null) return release;
      const notes = [unsaid, ...release.notes];
      unsaid = null;
      return { ...release, notes };
    },
  };
}
