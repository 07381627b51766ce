/** What the chain says apart from charges: rules in force, signatures, promises, stops. */
import type { AcceptEntry, ApproveEntry, DataEntry, FreezeEntry, KeyEntry, PolicyEntry, Statement } from './entry.ts';
import type { Place } from './place.ts';

/** The rules in force; `version` counts from 1. */
export interface InForce extends Place {
  readonly entry: PolicyEntry;
  readonly version: number;
}

export class Records {
  #policy: InForce | null = null;
  #key: KeyEntry | null = null;
  #latest = '';
  readonly #approvals: Map<string, ApproveEntry[]> = new Map();
  readonly #frozen: Map<string, FreezeEntry> = new Map();
  readonly #accepted: Map<string, AcceptEntry> = new Map();
  readonly #data: Map<string, DataEntry> = new Map();

  /** Null before any policy was recorded. */
  get policy(): InForce | null {
    return this.#policy;
  }

  /** The key that signs now; null in a journal that nobody signs. */
  get key(): KeyEntry | null {
    return this.#key;
  }

  /** The latest time any entry states; empty before the first. Time never goes back behind it. */
  get latest(): string {
    return this.#latest;
  }

  /** Signatures under a policy that is to come into force, since the last one did. */
  approvalsOf(digest: string): readonly ApproveEntry[] {
    return this.#approvals.get(digest) ?? [];
  }

  /** The stop of a data set's answers that holds now. */
  freezeOf(dataset: string): FreezeEntry | null {
    return this.#frozen.get(dataset) ?? null;
  }

  acceptanceOf(principal: string, digest: string): AcceptEntry | null {
    return this.#accepted.get(JSON.stringify([principal, digest])) ?? null;
  }

  /** The newest version of a data set that was recorded. */
  dataOf(dataset: string): DataEntry | null {
    return this.#data.get(dataset) ?? null;
  }

  /** For `replay.ts` alone. */
  see(time: string): void {
    if (time > this.#latest && /^\d{4}-\d\d-\d\dT/.test(time)) this.#latest = time;
  }

  /** For `replay.ts` alone. */
  add(entry: Statement, place: Place): void {
    switch (entry.kind) {
      case 'policy':
        this.#policy = { ...place, entry, version: (this.#policy?.version ?? 0) + 1 };
        this.#approvals.clear();
        return;
      case 'approve':
        this.#approvals.set(entry.digest, [...this.approvalsOf(entry.digest), entry]);
        return;
      case 'freeze':
        this.#frozen.set(entry.dataset, entry);
        return;
      case 'unfreeze':
        this.#frozen.delete(entry.dataset);
        return;
      case 'accept':
        this.#accepted.set(JSON.stringify([entry.principal, entry.digest]), entry);
        return;
      case 'data':
        this.#data.set(entry.dataset, entry);
        return;
      case 'key':
        this.#key = entry;
        return;
      case 'refuse':
      case 'write-off':
      case 'export':
        return;
    }
  }
}
