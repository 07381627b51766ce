/** The house keeps its order: rooms, cycles, sizes, and who may hold which key. Every offence is listed, not only the first. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { reachable, type Source, sourcesOf, treeOf } from './sources.ts';

const sources = sourcesOf('src');

/** A room may import itself and rooms of a lower rank; equal ranks do not see each other. */
const RANKS: Readonly<Record<string, number>> = {
  errors: 0,
  dp: 1,
  crypto: 2,
  policy: 3,
  ask: 4,
  bound: 5,
  charge: 5,
  watch: 5.5,
  engine: 6,
  release: 7,
  options: 8,
  registration: 8,
  state: 8.5,
  govern: 8.7,
  evidence: 8.8,
  session: 9,
  study: 9.5,
  index: 10,
  cli: 11,
};

const roomOf = (path: string): string => (path.split('/')[1] as string).replace(/(\.node)?\.ts$/, '');

/** What rooms may import by the table of docs/architecture.md, in its order. */
function documentedRooms(): Map<string, readonly string[]> {
  const text = readFileSync('docs/architecture.md', 'utf8');
  const rows = [...text.matchAll(/^\| (`[^|]*`) \| [^|]* \| ([^|]*) \|$/gm)].filter(([, , may]) => may !== '');
  const rooms = new Map<string, readonly string[]>();
  for (const [, names = '', may = ''] of rows) {
    const above = [...rooms.keys()];
    const listed = may === '–' ? [] : may.split(' ');
    for (const [, name = ''] of names.matchAll(/`([\w.]+)\/?`/g)) {
      rooms.set(roomOf(`src/${name}`), may === 'all above' ? above : listed);
    }
  }
  return rooms;
}

it('rooms import only what stands before them', () => {
  const offences = sources.flatMap((source) =>
    source.imports
      .filter((target) => {
        const [from, to] = [roomOf(source.path), roomOf(target)];
        return from !== to && !((RANKS[from] ?? -1) > (RANKS[to] ?? 99));
      })
      .map((target) => `${source.path} → ${target}`),
  );
  expect(offences).toEqual([]);
});

it('rooms stand in docs/architecture.md in this order, and import what it says', () => {
  const documented = documentedRooms();
  const rooms = [...new Set(sources.map(({ path }) => roomOf(path)))].filter((room) => room !== 'errors');
  expect([...documented.keys()].sort()).toEqual([...rooms].sort());
  expect(Object.keys(RANKS).sort()).toEqual([...rooms, 'errors'].sort());
  const ranks = [...documented.keys()].map((room) => RANKS[room] as number);
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  const offences = sources.flatMap((source) =>
    source.imports
      .map(roomOf)
      .filter((to) => to !== 'errors' && to !== roomOf(source.path))
      .filter((to) => !documented.get(roomOf(source.path))?.includes(to))
      .map((to) => `${source.path} → ${to}`),
  );
  expect(offences).toEqual([]);
});

it('no file reaches itself', () => {
  const offences = sources.filter((source) =>
    source.imports.some((target) => reachable(target, sources).has(source.path)),
  );
  expect(offences.map((source) => source.path)).toEqual([]);
});

it('only files for Node import from Node', () => {
  const offences = sources.filter(
    (source) =>
      !source.path.endsWith('.node.ts') &&
      roomOf(source.path) !== 'cli' &&
      source.packages.some((name) => name.startsWith('node:') || name === '@duckdb/node-api'),
  );
  expect(offences.map((source) => source.path)).toEqual([]);
});

it('one file touches the platform’s randomness', () => {
  const offences = sources.filter((source) => /getRandomValues|Math\.random|randomUUID/.test(source.text));
  expect(offences.map((source) => source.path)).toEqual(['src/crypto/entropy.ts']);
});

it('seeded randomness cannot reach a release', () => {
  const seeded = sources.filter((source) => source.packages.includes('seedrandom')).map((source) => source.path);
  expect(seeded.length).toBeGreaterThan(0);
  expect(seeded.every((path) => path.startsWith('src/dp/simulation/'))).toBe(true);
  for (const door of ['src/session.ts', 'src/index.ts', 'src/index.node.ts']) {
    const walk = reachable(door, sources);
    expect([...walk].filter((path) => path.startsWith('src/dp/simulation/'))).toEqual([]);
  }
});

it('the ledger alone issues warrants, and measuring alone unseals', () => {
  const holders = (pattern: RegExp): string[] =>
    sources.filter((source) => pattern.test(source.text)).map((source) => source.path);
  expect(holders(/Warrant\.issue\(/)).toEqual(['src/charge/open-ledger.ts']);
  expect(holders(/Sealed\.unseal\(/).filter((path) => path !== 'src/release/measure.ts')).toEqual([]);
});

it('files stay below 300 lines of code, comments and blank lines aside', () => {
  const codeLines = (text: string): number =>
    text.split('\n').filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line)).length;
  expect(sources.filter((source) => codeLines(source.text) > 300).map((source) => source.path)).toEqual([]);
});

it('functions stay within 70 lines', () => {
  expect(sources.flatMap((source) => functionsOver(70, source))).toEqual([]);
});

function functionsOver(limit: number, source: Source): string[] {
  const tree = treeOf(source);
  const found: string[] = [];
  const lineOf = (offset: number): number => tree.getLineAndCharacterOfPosition(offset).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const [first, last] = [lineOf(node.getStart(tree)), lineOf(node.end)];
      if (last - first + 1 > limit) found.push(`${source.path}:${first + 1}, ${last - first + 1} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

it('files and folders are named after what is in them', () => {
  const empty = /^(?:utils?|helpers?|common|misc|lib)$/;
  const offences = ['src', 'test', 'bench']
    .flatMap(sourcesOf)
    .filter(({ path }) => path.split(/[/.-]/).some((word) => empty.test(word)));
  expect(offences.map(({ path }) => path)).toEqual([]);
});
