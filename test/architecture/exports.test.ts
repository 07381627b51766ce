/** Nothing is exported that nobody takes. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Source, sourcesOf } from './sources.ts';

const sources = sourcesOf('src');
const users: Source[] = ['src', 'test', 'bench', 'notebooks'].filter((folder) => existsSync(folder)).flatMap(sourcesOf);

/** Names a file declares and exports; re-exports of others are uses. */
function declared({ text }: Source): string[] {
  const pattern = /^export (?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] as string);
}

/** Names a text takes from elsewhere by `import { … } from` or `export { … } from`. */
function taken({ text }: Source): string[] {
  return [...text.matchAll(/(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from/g)].flatMap((match) =>
    (match[1] as string).split(',').map((name) =>
      name
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*/, ''),
    ),
  );
}

it('every export is imported somewhere, or stands in the signature of one that is', () => {
  const used = new Set(users.flatMap(taken));
  const whole = new Set(
    users.flatMap(({ text }) =>
      [...text.matchAll(/(?:import|export) \* (?:as \w+ )?from '[^']*\/([\w.-]+)'/g)].map((m) => m[1]),
    ),
  );
  const offences = sources
    .filter(({ path }) => !whole.has(path.split('/').pop() as string))
    .flatMap((source) =>
      declared(source)
        .filter((name) => !used.has(name) && [...source.text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length < 2)
        .map((name) => `${source.path}: ${name}`),
    );
  expect(offences).toEqual([]);
});
