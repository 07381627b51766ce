/** Nothing is exported that nobody takes; tests take what others take, and a few doors of their own. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { sourcesOf, treeOf } from './sources.ts';

const sources = sourcesOf('src');
const users = ['src', 'bench', 'scripts', 'notebooks'].filter((folder) => existsSync(folder)).flatMap(sourcesOf);

/** Files that the package opens to the world: what they export is taken there. */
const { exports: doors } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: unknown };
const open = new Set(
  [...JSON.stringify(doors).matchAll(/"\.\/dist\/([^"]+)\.js"/g)].map(([, name]) => `src/${name}.ts`),
);

/** What tests alone import, and why they look past the door that others use. */
const TEST_DOORS: Readonly<Record<string, string>> = {
  'src/charge/store/lock.node.ts tryLock': 'a lock is tried once, without the waiting around it',
  'src/cli/command/query.ts releaseLines': 'answers of the documentation and of attacks are what a terminal shows',
  'src/engine/schema-reader.node.ts wasmReader': 'the reader that machines without the native package fall back to',
  'src/errors.ts EXIT_CODES': 'the list of codes is compared with the documentation',
  'src/release/interval/form.ts keyOf': 'forms that differ in centre and scale alone are one statement',
  'src/release/interval/half-width.ts closed': 'the bound taken where inversion is too slow must cover, too',
  'src/release/serialize.ts jsonCell': 'what neighbours may share of an answer is compared without its noisy columns',
};

interface Exported {
  readonly name: string;
  /** Types may be exported for a signature's sake, values may not. */
  readonly type: boolean;
}

/** What a file declares and exports; re-exports of others are uses. */
function declared(tree: ts.SourceFile): Exported[] {
  return tree.statements.flatMap((statement): Exported[] => {
    if (!ts.canHaveModifiers(statement)) return [];
    if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => ({ name: name.getText(tree), type: false }));
    }
    const type = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const named = type || ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    return named && statement.name !== undefined ? [{ name: statement.name.text, type }] : [];
  });
}

/** What a file takes from its own project, as `path name`; `path *` where it takes all. */
function taken(path: string, tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const take = (specifier: ts.Node | undefined, names: readonly string[]): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return;
    const target = join(dirname(path), specifier.text).replaceAll('\\', '/');
    found.push(...names.map((name) => `${target} ${name}`));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) take(node.moduleSpecifier, namesOf(node.importClause?.namedBindings));
    if (ts.isExportDeclaration(node)) take(node.moduleSpecifier, namesOf(node.exportClause));
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      take(node.arguments[0], ['*']);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) take(node.argument.literal, ['*']);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function namesOf(clause: ts.NamedImportBindings | ts.NamedExportBindings | undefined): string[] {
  if (clause === undefined || ts.isNamespaceImport(clause) || ts.isNamespaceExport(clause)) return ['*'];
  return clause.elements.map((element) => (element.propertyName ?? element.name).text);
}

const used = new Set(users.flatMap((source) => taken(source.path, treeOf(source))));

it('every exported value is imported somewhere; every exported type, too, or it stands in a signature', () => {
  const shut = sources.filter(({ path }) => !open.has(path) && !used.has(`${path} *`));
  const offences = shut.flatMap((source) =>
    declared(treeOf(source))
      .filter(({ name }) => !used.has(`${source.path} ${name}`) && !(`${source.path} ${name}` in TEST_DOORS))
      .filter(({ name, type }) => !type || [...source.text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length < 2)
      .map(({ name }) => `${source.path}: ${name}`),
  );
  expect(open.size).toBeGreaterThan(5);
  expect(offences).toEqual([]);
});

it('doors that tests alone use are used by tests, and by nobody else', () => {
  const tested = new Set(sourcesOf('test').flatMap((source) => taken(source.path, treeOf(source))));
  expect(Object.keys(TEST_DOORS).filter((door) => used.has(door) || !tested.has(door))).toEqual([]);
});
