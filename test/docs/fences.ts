/** Fenced blocks of the documentation, in order. */
import { readdirSync, readFileSync } from 'node:fs';

/** One fenced block; `words` are what follows the language on the opening line. */
export interface Fence {
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
}

/** Every document of the repository: the README and the pages of `docs/`. */
export function documents(): readonly string[] {
  return ['README.md', ...pagesOf('docs')];
}

function pagesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      // The generated reference repeats snippets of the sources.
      if (entry.isDirectory()) return path === 'docs/reference' ? [] : pagesOf(path);
      return entry.name.endsWith('.md') ? [path] : [];
    })
    .sort();
}

/** Blocks of one document. A fence that never closes is an error. */
export function fencesOf(file: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { line: number; info: string; mark: string; text: string[] } | null = null;
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const mark = /^(```+)(.*)$/.exec(line);
    if (open === null) {
      if (mark !== null) open = { line: index + 1, info: mark[2] ?? '', mark: mark[1] ?? '', text: [] };
    } else if (line.trimEnd() === open.mark) {
      const [language = '', ...words] = open.info.trim().split(/\s+/);
      fences.push({ file, line: open.line, language, words, text: open.text.join('\n') });
      open = null;
    } else open.text.push(line);
  }
  if (open !== null) throw new Error(`${file}:${open.line}: the fence is not closed`);
  return fences;
}
