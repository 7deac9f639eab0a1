import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../architecture/sources.js';

/** What a test file promises to check: the titles of its tests, without those that do not run or are expected to fail. */
export function testTitles(path: string): ReadonlySet<string> {
  return titlesOf(readFileSync(join(ROOT, path), 'utf8'));
}

/** The same from the text of a test file. A title with `%s` is that of each case. */
export function titlesOf(text: string): ReadonlySet<string> {
  const file = ts.createSourceFile('test.ts', text, ts.ScriptTarget.ESNext, true);
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const title = runs(calleeOf(node)) ? titleOf(node.arguments[0]) : undefined;
      if (title !== undefined) titles.add(title);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

/** `test.each(…)(…)` as `test.each`. */
function calleeOf(call: ts.CallExpression): string {
  let { expression } = call;
  while (ts.isCallExpression(expression)) ({ expression } = expression);
  return expression.getText();
}

const runs = (callee: string): boolean => /^(test|it)(\.|$)/.test(callee) && !/\.(skip|todo|fails)\b/.test(callee);

/** The text of a title, out of `verifies('ROW', title)` too. */
function titleOf(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isCallExpression(node) && node.expression.getText() === 'verifies') return titleOf(node.arguments[1]);
  return undefined;
}

export interface Statement {
  readonly heading: string;
  readonly line: number;
  readonly text: string;
  readonly citations: readonly { readonly file: string; readonly title: string }[];
}

const CITATION = /^ {2}- `([^`]+)` › (.+)$/;

/**
 * The statements below the headings of a page (the title apart): each a `- ` item, its citations the items below it. Throws for
 * anything else that stands there, since it would be a promise without proof.
 */
export function statements(text: string, isPromise: (heading: string) => boolean): Statement[] {
  const found: (Statement & { text: string; citations: { file: string; title: string }[] })[] = [];
  let heading = '';
  for (const [index, line] of text.split('\n').entries()) {
    if (/^##+ /.test(line)) heading = line.replace(/^#+ /, '');
    if (line.startsWith('#') || line.trim() === '' || heading === '' || !isPromise(heading)) continue;
    const last = found.at(-1);
    const [, file, title] = CITATION.exec(line) ?? [];
    if (line.startsWith('- ')) found.push({ heading, line: index + 1, text: line.slice(2), citations: [] });
    else if (last && file !== undefined && title !== undefined) last.citations.push({ file, title });
    else if (last && last.citations.length === 0 && /^ {2}[^ -]/.test(line)) last.text += ` ${line.trim()}`;
    else throw new Error(`line ${index + 1}: neither a statement nor a citation: ${line}`);
  }
  return found;
}
