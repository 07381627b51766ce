/** What the chain says apart from charges: rules in force, signatures, promises, stops. */
import type {
  AcceptEntry,
  ApproveEntry,
  DataEntry,
  FreezeEntry,
  KeyEntry,
  PolicyEntry,
  Statement,
  WrittenRecords,
} from './entry.ts';
import { inOrder } from './in-order.ts';
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
  #hasLost = false;
  readonly #writtenOff: Set<string> = new Set();
  readonly #approvals: Map<string, ApproveEntry[]> = new Map();
  readonly #frozen: Map<string, FreezeEntry> = new Map();
  readonly #accepted: Map<string, AcceptEntry> = new Map();
  /** In the order they came into use. */
  readonly #data: Map<string, DataEntry[]> = new Map();

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

  /** Whether entries were lost once, and written off. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  /** Whether the loss of this entry, which an anchor had seen, was written off. */
  hasWrittenOff(hash: string): boolean {
    return this.#writtenOff.has(hash);
  }

  /** Whether a data version was in use before the newest one. */
  isSuperseded(dataset: string, version: string): boolean {
    const versions = this.#data.get(dataset)?.map((entry) => entry.version) ?? [];
    return versions.at(-1) !== version && versions.includes(version);
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
    return this.#data.get(dataset)?.at(-1) ?? null;
  }

  /** All of it, in one order alone. */
  written(): WrittenRecords {
    const sorted = <T>(map: ReadonlyMap<string, T>): T[] =>
      [...map].sort(([a], [b]) => inOrder(a, b)).map(([, one]) => one);
    return {
      policy: this.#policy,
      key: this.#key,
      latest: this.#latest,
      lost: this.#hasLost,
      writtenOff: [...this.#writtenOff].sort(),
      approvals: sorted(this.#approvals).flat(),
      frozen: sorted(this.#frozen),
      accepted: sorted(this.#accepted),
      data: sorted(this.#data).flat(),
    };
  }

  /** Begins with what was written. For `replay.ts` alone. */
  load(written: WrittenRecords, place: Place): void {
    const { policy, key, latest, lost, writtenOff, approvals, frozen, accepted, data } = written;
    this.#policy = policy;
    this.#key = key;
    this.#latest = latest;
    this.#hasLost = lost;
    for (const hash of writtenOff) this.#writtenOff.add(hash);
    for (const entry of [...approvals, ...frozen, ...accepted, ...data]) this.add(entry, place);
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
        this.#data.set(entry.dataset, [...(this.#data.get(entry.dataset) ?? []), entry]);
        return;
      case 'key':
        this.#key = entry;
        return;
      case 'write-off':
        this.#hasLost = true;
        if (entry.anchor != null) this.#writtenOff.add(entry.anchor);
        return;
      case 'refuse':
      case 'export':
        return;
    }
  }
}
