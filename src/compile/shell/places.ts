import type { Placeholder } from './facts.js';
import type { Candidate } from './placeholders.js';
import { pathTo, type Syntax, type SyntaxTree } from './syntax.js';
import { baseName, launchedBy, peel, scriptArgument } from './wrappers.js';

/** What the kinds of nodes around a placeholder mean, the innermost that says something deciding. */
const PLACES: Readonly<Record<string, Placeholder['place']>> = {
  ansi_c_string: 'no',
  arithmetic_expansion: 'no',
  c_style_for_statement: 'no',
  case_item: 'no',
  command_name: 'no',
  command_substitution: 'bare',
  expansion: 'no',
  extglob_pattern: 'no',
  function_definition: 'no',
  heredoc_body: 'double',
  heredoc_end: 'no',
  heredoc_start: 'no',
  process_substitution: 'bare',
  raw_string: 'no',
  regex: 'no',
  simple_expansion: 'no',
  string: 'double',
  subscript: 'no',
  variable_name: 'no',
};

/** Where a placeholder that stands in prose of a quoted heredoc or string is text of its own, such as `#include <stdio.h>`. */
const SPEAKING =
  /your|my|insert|replace|enter|name|\bid\b|token|key|passw|secret|host|domain|url|user|mail|region|project|cluster|bucket|version|release|\btag\b|branch|commit|\bsha\b|hash|path|\bdir\b|folder|file|\bport\b|\bip\b|address|\benv|\bpod\b|service|\bnode\b|\bapp\b|number|date|target|table|schema|volume|image|\brepo|tenant|[-_ ]/i;

/** Judges each candidate by the parsed, masked script. What is a comment or markup is left out. */
export function placeholdersOf(found: readonly Candidate[], tree: SyntaxTree, script: string): readonly Placeholder[] {
  const placeholders: Placeholder[] = [];
  for (const candidate of found) {
    const path = pathTo(tree.root, candidate.start, candidate.end);
    if (path.some((node) => node.type === 'comment') || isMeant(candidate, path, script)) continue;
    const place = tree.hasError ? 'no' : placeOf(candidate, path, script);
    const { text, name, start, end } = candidate;
    placeholders.push({ text, name, start, end, place });
  }
  return placeholders;
}

/** True when the text is meant as it stands. */
function isMeant({ form, text }: Candidate, path: readonly Syntax[], script: string): boolean {
  const leaf = path.at(-1);
  if (leaf && (leaf.type === 'variable_name' || leaf.type === 'heredoc_start' || leaf.type === 'heredoc_end')) {
    return form === 'word';
  }
  const quoted = path.some(
    (node) => node.type === 'raw_string' || node.type === 'heredoc_body' || node.type === 'string',
  );
  if (form === 'square') return quoted || path.some((node) => /^(?:test_command|subscript|case_item)$/.test(node.type));
  if (form === 'angle' && quoted)
    return (
      !(SPEAKING.test(text) || /[^\0-\x7F]/.test(text) || /^<[A-Z\d]{2,}>$/.test(text)) ||
      (/[=/]/.test(text) && script.includes('</'))
    );
  return false;
}

function placeOf(candidate: Candidate, path: readonly Syntax[], script: string): Placeholder['place'] {
  if (/[\\$~]/.test(script.charAt(candidate.start - 1)) || isReread(candidate, path, script)) return 'no';
  for (const node of path.toReversed()) {
    if (node.type === 'heredoc_body' && isQuotedHeredoc(node, path, script)) return 'no';
    if (node.type === 'test_command' && script.startsWith('((', node.start)) return 'no';
    const place = PLACES[node.type];
    if (place !== undefined) return place;
  }
  return 'bare';
}

function isQuotedHeredoc(body: Syntax, path: readonly Syntax[], script: string): boolean {
  const redirection = path[path.indexOf(body) - 1];
  const start = redirection?.children.find((child) => child.type === 'heredoc_start');
  return start !== undefined && /['"\\]/.test(script.slice(start.start, start.end));
}

/**
 * Another shell reads the word again (`bash -c`, `eval`, `ssh HOST …`), or it is the program's name behind a wrapper: a
 * variable's value would become code there.
 */
function isReread({ start }: Candidate, path: readonly Syntax[], script: string): boolean {
  return path.some((node) => {
    if (node.type !== 'command') return false;
    const words = node.children.filter(
      (child) => child.type !== 'variable_assignment' && !child.type.endsWith('redirect'),
    );
    const texts = words.map((child) => script.slice(child.start, child.end));
    const { at } = peel(texts);
    const program = baseName(texts[at] ?? '');
    const word = words.findIndex((child) => child.start <= start && start < child.end);
    if (word < 0) return false;
    const args = texts.slice(at + 1);
    const launched = launchedBy(program, args);
    const code = program === 'eval' || scriptArgument(program, args) === word - at - 1;
    const shell = /^(?:ba|z|k|da)?sh$|^eval$/.test(baseName(args[launched?.at ?? -1] ?? ''));
    const reread = launched !== undefined && (launched.reread || shell) && word - at - 1 >= launched.at;
    const further = launched !== undefined && word - at - 1 === launched.at;
    return word === at || code || reread || further;
  });
}

/**
 * Puts variables where placeholders stand: `"$NAME"` for a bare one, `${NAME}` inside double quotes. Those whose place is `no`
 * stay, and so does everything else.
 *
 * @param variableOf the variable's name for a placeholder; anything but a shell identifier leaves the placeholder as it is.
 */
export function fillPlaceholders(
  script: string,
  placeholders: readonly Placeholder[],
  variableOf: (placeholder: Placeholder) => string,
): string {
  let filled = '';
  let at = 0;
  for (const placeholder of placeholders) {
    const variable = variableOf(placeholder);
    if (placeholder.place === 'no' || !/^[A-Za-z_]\w*$/.test(variable)) continue;
    filled +=
      script.slice(at, placeholder.start) + (placeholder.place === 'bare' ? `"$${variable}"` : `\${${variable}}`);
    at = placeholder.end;
  }
  return filled + script.slice(at);
}
