/** What a policy was read from: its text, and where its parts stand. */
import { GauzeError } from '../errors.ts';
import type { PolicyNode } from './node.ts';
import type { Policy } from './policy.ts';

/** A text and its tree; for a policy given as an object the text it would have, and a tree without places. */
export interface Source {
  readonly file: string | null;
  readonly text: string;
  readonly node: PolicyNode;
}

/** One for all copies of this module, since bundles that are loaded together may each have theirs. */
const REGISTRY: unique symbol = Symbol.for('gauze policy sources v1') as never;
const shared = globalThis as { [REGISTRY]?: WeakMap<Policy, Source> };
shared[REGISTRY] ??= new WeakMap<Policy, Source>();
const SOURCES: WeakMap<Policy, Source> = shared[REGISTRY];

/** Keeps what a policy was read from. */
export function rememberSource(policy: Policy, source: Source): void {
  SOURCES.set(policy, source);
}

/** What a policy was read from; null for one that no reader made. */
export function sourceOf(policy: Policy): Source | null {
  return SOURCES.get(policy) ?? null;
}

/**
 * Text that a policy was read from: `parsePolicy` makes the same policy of it, with the same digest. For a policy given as
 * an object it is JSON with every digit as given.
 *
 * @throws GauzeError INTERNAL_INVARIANT for a policy that no reader made
 */
export function policyText(policy: Policy): string {
  const source = sourceOf(policy);
  if (source !== null) return source.text;
  throw new GauzeError('INTERNAL_INVARIANT', {
    message: 'This policy was put together by hand, so that nobody could read it again.',
    next: 'Make it with parsePolicy or policyFromObject.',
  });
}
