/** Nothing is written twice: functions with the same body are one function. */
import ts from 'typescript';
import { expect, it } from 'vitest';
import { sourcesOf, treeOf } from './sources.ts';

/** Bodies of named functions and methods over three lines, with their places; comments and layout do not count. */
function bodiesOf(source: { readonly path: string; readonly text: string }): (readonly [body: string, at: string])[] {
  const tree = treeOf(source);
  const printer = ts.createPrinter({ removeComments: true });
  const found: (readonly [string, string])[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body !== undefined) {
      const lines = node.getText(tree).split('\n').length;
      const inputs = node.parameters.map((parameter) => parameter.name.getText(tree)).join();
      const body = printer.printNode(ts.EmitHint.Unspecified, node.body, tree);
      if (lines > 3) found.push([`(${inputs}) ${body}`, `${source.path}: ${node.name?.getText(tree)}`]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

it('no two functions of more than three lines have the same body', () => {
  const places = new Map<string, string[]>();
  for (const [body, at] of sourcesOf('src').flatMap(bodiesOf)) places.set(body, [...(places.get(body) ?? []), at]);
  expect(places.size).toBeGreaterThan(1000);
  expect([...places.values()].filter(({ length }) => length > 1)).toEqual([]);
});
