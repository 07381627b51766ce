/** Changes one limit in a policy's text, and nothing else. */
import { isMap, isScalar, parseDocument, Scalar } from 'yaml';
import { GauzeError } from '../../errors.ts';
import { policyDigest } from '../digest.ts';
import { type ParseOptions, parsePolicy } from '../parse.ts';
import type { BudgetLimit, Policy } from '../policy.ts';
import { type LimitNames, type LimitPlace, limitAt, limitPlace, placeName, withLimit } from './limit-place.ts';
import { type Draft, limitSplices } from './limit-splices.ts';
import { spliced } from './splice.ts';
import { type LimitChange, wantedLimit } from './wanted-limit.ts';

/** A limit by its names, and what it shall be. */
export interface BudgetChange extends LimitNames, LimitChange {}

/** A policy before and after, with the one limit in which they differ. */
export interface BudgetEdit {
  readonly text: string;
  readonly before: Policy;
  readonly after: Policy;
  readonly place: LimitPlace;
  readonly was: BudgetLimit | null;
  readonly is: BudgetLimit | null;
}

/**
 * Sets, changes or removes one limit: the cap over all, that of a data set, of a principal or of a purpose. Comments,
 * order and every other character of the text stay. A limit for a purpose of a data set that lists none lists them all.
 *
 * @param text - the whole policy, YAML or JSON
 * @throws GauzeError POLICY_INVALID when it is no valid policy; USAGE for names it does not declare, for a change that
 * says too little, and for a layout in which the limit cannot be found; BUDGET_INVALID for amounts out of range
 */
export function setBudget(text: string, change: BudgetChange, options: ParseOptions = {}): BudgetEdit {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const content = text.slice(mark.length);
  const before = parsePolicy(content, options);
  const place = limitPlace(before, change);
  const was = limitAt(before, place);
  const is = wantedLimit(was, change, placeName(place));
  const wanted = policyDigest(withLimit(before, place, is));
  if (wanted === before.digest) return { text, before, after: before, place, was, is };
  const document = parseDocument(content, { schema: 'failsafe', prettyErrors: false, merge: false });
  const draft: Draft = { text: content, document, policy: before, isJson: isQuoted(document.contents) };
  const splices = limitSplices(draft, place, was, is);
  const after = splices === null ? null : reread(spliced(content, splices), options);
  // Whatever the layout, only the wanted change gets through.
  if (after === null || after.policy.digest !== wanted) throw byHand(place);
  return { text: `${mark}${after.text}`, before, after: after.policy, place, was, is };
}

function reread(text: string, options: ParseOptions): { readonly text: string; readonly policy: Policy } | null {
  try {
    return { text, policy: parsePolicy(text, options) };
  } catch (error) {
    if (error instanceof GauzeError && error.code === 'POLICY_INVALID') return null;
    throw error;
  }
}

/** JSON has its keys in quotes. */
function isQuoted(root: unknown): boolean {
  const key = isMap(root) ? root.items[0]?.key : null;
  return isMap(root) && root.flow === true && isScalar(key) && key.type === Scalar.QUOTE_DOUBLE;
}

function byHand(place: LimitPlace): GauzeError {
  return new GauzeError('USAGE', {
    message: `${placeName(place)} is laid out in a way that is not changed safely here.`,
    next: 'Change this limit by hand, and see the outcome with: gauze policy check FILE',
  });
}
