/** Collects everything that is wrong with a policy, so that its officer mends it in one go. */
import { type ErrorCode, GauzeError, type Position, positionOf, type Span } from '../errors.ts';
import type { PolicyNode } from './node.ts';

/** Longest list printed; a policy with more is usually indented wrongly at one place. */
const PRINTED_MAX = 20;

/** Longest sentence printed: a policy may hold a scalar of any length, and problems quote it. */
const SENTENCE_MAX = 400;

interface Problem {
  readonly span: Span | null;
  readonly path: string;
  readonly what: string;
  readonly next: string;
}

/** What a file is, and the code that it is refused with. */
export interface About {
  readonly noun: string;
  readonly code: ErrorCode;
}

const POLICY: About = { noun: 'policy', code: 'POLICY_INVALID' };

/** The problems of one policy, or of another file that is written and read in the same way. */
export class Problems {
  readonly #list: Problem[] = [];
  readonly #file: string | null;
  readonly #text: string | null;
  readonly #about: About;

  /** `text` is the policy as written; null for a policy given as an object. */
  constructor(file: string | null, text: string | null, about: About = POLICY) {
    this.#about = about;
    this.#file = file;
    this.#text = text;
  }

  get count(): number {
    return this.#list.length;
  }

  /** `what` says what is wrong, `next` what to write; both are sentences. `path` names the place in the policy. */
  add(span: Span | null, path: string, what: string, next: string): void {
    this.#list.push({ span, path: clip(path), what: clip(what), next: clip(next) });
  }

  /** Something wrong with the value of a key. */
  atValue(node: PolicyNode, path: string, what: string, next: string): void {
    this.add(node.span, path, what, next);
  }

  /** Something wrong with a key, or missing under it. */
  atKey(node: PolicyNode, path: string, what: string, next: string): void {
    this.add(node.key ?? node.span, path, what, next);
  }

  /** @throws GauzeError POLICY_INVALID (of other files, their code) when anything is wrong; `at` is the first place in the file */
  throwIfAny(): void {
    if (this.#list.length === 0) return;
    const sorted = [...this.#list].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
    const first = sorted[0]!;
    const at = this.#locate(first.span);
    throw new GauzeError(this.#about.code, {
      message: sorted.length === 1 ? this.#print(first) : this.#printAll(sorted),
      next: first.next,
      at,
      fields: {
        file: this.#file,
        path: first.path,
        line: at?.line ?? null,
        column: at?.column ?? null,
        problems: sorted.length,
      },
    });
  }

  #printAll(problems: readonly Problem[]): string {
    const lines = problems.slice(0, PRINTED_MAX).map((problem) => `  ${this.#print(problem)} ${problem.next}`);
    const rest = problems.length - lines.length;
    const more = rest > 0 ? [`  … and ${rest} more.`] : [];
    return [`The ${this.#about.noun} has ${problems.length} problems:`, ...lines, ...more].join('\n');
  }

  #print(problem: Problem): string {
    const at = this.#locate(problem.span);
    const place = at === null ? [] : [String(at.line), String(at.column)];
    const where = [this.#file ?? this.#about.noun, ...place].join(':');
    return `${where}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.what}`;
  }

  #locate(span: Span | null): Position | null {
    if (span === null || this.#text === null) return null;
    const newline = this.#text.indexOf('\n', span.start);
    return positionOf(this.#text, { start: span.start, end: newline < 0 ? span.end : Math.min(span.end, newline) });
  }
}

function clip(sentence: string): string {
  return sentence.length <= SENTENCE_MAX ? sentence : `${sentence.slice(0, SENTENCE_MAX)}…`;
}
