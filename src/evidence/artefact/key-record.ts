/** KEY: keys that sign the journal, and where its newest state was noted. Never secrets. */
import { toldOf } from '../chronicle.ts';
import { type Artefact, type Facts, makeArtefact } from './artefact.ts';

export function keyRecord(facts: Facts): Artefact {
  const { chronicle, anchor, policy } = facts;
  return makeArtefact(facts, {
    id: 'KEY',
    title: 'Key record',
    status: 'recorded',
    note:
      anchor === null ? 'Without an anchor kept elsewhere nobody can tell that the newest entries are there.' : null,
    content: {
      algorithm: 'Ed25519, RFC 8032',
      keys: toldOf(chronicle, 'key').map(({ entry, content }) => ({
        entry,
        publicKey: content.publicKey,
        reason: content.reason,
        by: content.by,
        time: content.time,
      })),
      lastAnchor: anchor === null ? 'absent' : { entry: anchor.sequence + 1, hash: anchor.hash },
      principalsWithKeys: [...policy.principals.values()].filter(({ key }) => key !== null).map(({ name }) => name),
    },
  });
}
