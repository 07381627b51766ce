/** Type-checks modules of the documentation against the sources, with the compiler's strict options. */
import { resolve } from 'node:path';
import ts from 'typescript';
import { ENTRIES } from './workshop.ts';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

function optionsFor(inBrowser: boolean): ts.CompilerOptions {
  const entries = inBrowser ? { ...ENTRIES, gauze: 'src/index.ts' } : ENTRIES;
  return {
    ...OPTIONS,
    paths: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, [resolve(file)]])),
  };
}

/** Files read so far; parsing the platform's types is most of the work. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Errors in a module's text, one line each; errors of the sources are not its own. */
export function typeErrors(text: string, title: string, inBrowser = false): string[] {
  // Beside the sources, so that packages resolve; the file exists in memory only.
  const path = resolve('test/docs', `${title.replace(/\W+/g, '-')}.ts`);
  const options = optionsFor(inBrowser);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) => {
    if (name === path) {
      const format = { languageVersion: ts.ScriptTarget.ES2022, impliedNodeFormat: ts.ModuleKind.ESNext } as const;
      return ts.createSourceFile(name, text, format);
    }
    if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, ...rest));
    return parsed.get(name);
  };
  host.fileExists = (name) => name === path || fileExists.call(host, name);
  host.readFile = (name) => (name === path ? text : readFile.call(host, name));
  const program = ts.createProgram({ rootNames: [path], options, host });
  const source = program.getSourceFile(path);
  if (source === undefined) return [`${title}: not read`];
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => {
    const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${line + 1}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
}
