/** Why a plan is private: a tree from the whole question down to each measurement. Numbers are decimal strings. */
export interface Proof {
  /** The claim, in words with numbers, e.g. "The answer is (0.5, 0)-differentially private per person.person_id." */
  readonly claim: string;
  /** What carries the claim, e.g. "sequential composition", "discrete Laplace", "post-processing". */
  readonly rule: string;
  /** Citation key and theorem, e.g. "[DR14] Thm 3.16". */
  readonly theorem: string;
  /** Names and numbers of the step: unit, l0, l1, scale, epsilon, delta, rows, groups, step, low, high … */
  readonly facts: Readonly<Record<string, string>>;
  readonly premises: readonly Proof[];
}
