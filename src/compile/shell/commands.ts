import type { Command, Input } from './facts.js';
import { handedOn } from './handed-on.js';
import { isRedirection, redirected } from './redirections.js';
import type { Syntax, SyntaxTree } from './syntax.js';
import { innerScript, type Word, wordOf } from './words.js';
import { baseName, launchedBy, peel, SHELLS, scriptArgument } from './wrappers.js';

/** Reads a script inside a script (`bash -c '…'`); undefined when it cannot be read. */
export type ParseInner = (script: string) => SyntaxTree | undefined;

interface Around {
  readonly script: string;
  readonly parse: ParseInner;
  readonly input: Input;
  readonly writes: readonly string[];
  readonly appends: readonly string[];
  readonly inBackground: boolean;
  readonly substituted: boolean;
  readonly subshell: boolean;
  readonly exitIgnored: boolean;
  readonly limited: boolean;
  readonly remote: boolean;
  /** Scripts inside scripts report the offsets of the command that holds them. */
  readonly span: { readonly start: number; readonly end: number } | undefined;
  readonly depth: number;
}

const DEEPEST_NESTING = 3;
const TERMINAL: Input = { kind: 'terminal' };
/** Its output is redirected to no file. */
const NOWHERE: Pick<Command, 'writes' | 'appends'> = { writes: [], appends: [] };

/** Every simple command of a script, in the order of the text, a command before those that it starts. */
export function commandsOf(root: Syntax, script: string, parse: ParseInner): readonly Command[] {
  const around: Around = {
    script,
    parse,
    input: TERMINAL,
    ...NOWHERE,
    inBackground: false,
    substituted: false,
    subshell: false,
    exitIgnored: false,
    limited: false,
    remote: false,
    span: undefined,
    depth: 0,
  };
  const found: Command[] = [];
  visit(root, around, found);
  return found;
}

function visit(node: Syntax, around: Around, found: Command[]): void {
  switch (node.type) {
    case 'command':
    case 'declaration_command':
    case 'unset_command':
    case 'test_command':
    case 'variable_assignment':
    case 'variable_assignments':
      return visitSimple(node, around, found);
    case 'pipeline':
      return visitPipeline(node, around, found);
    case 'redirected_statement':
      return visitRedirected(node, around, found);
    case 'list':
      return visitList(node, around, found);
    case 'command_substitution':
    case 'process_substitution':
      return visitChildren(
        node,
        { ...around, substituted: true, subshell: true, exitIgnored: true, input: TERMINAL, ...NOWHERE },
        found,
      );
    case 'subshell':
      return visitChildren(node, { ...around, subshell: true }, found);
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
      return visitConditional(node, around, found);
    default:
      return visitChildren(node, around, found);
  }
}

function visitChildren(node: Syntax, around: Around, found: Command[]): void {
  for (const [index, child] of node.children.entries()) {
    if (child.children.length === 0 && child.type !== 'command') continue;
    const detached = node.children[index + 1]?.type === '&';
    visit(child, detached ? { ...around, inBackground: true, subshell: true, exitIgnored: true } : around, found);
  }
}

/** The condition is what stands before `then` or `do`. */
function visitConditional(node: Syntax, around: Around, found: Command[]): void {
  const body = node.children.findIndex((child) => child.type === 'then' || child.type === 'do_group');
  for (const [index, child] of node.children.entries()) {
    visit(child, index < body ? { ...around, exitIgnored: true } : around, found);
  }
}

/** In `a || b` the exit code of `a` is lost, unless `b` ends the script with an error itself. */
function visitList(node: Syntax, around: Around, found: Command[]): void {
  const [left, operator, right] = node.children;
  const spared =
    right !== undefined && /\b(?:exit|return)\s+[1-9]|\bfalse\b/.test(around.script.slice(right.start, right.end));
  const lost = operator?.type === '||' && !spared;
  for (const child of node.children)
    visit(child, child === left && lost ? { ...around, exitIgnored: true } : around, found);
}

function visitPipeline(node: Syntax, around: Around, found: Command[]): void {
  const parts = node.children.filter((child) => child.type !== '|' && child.type !== '|&');
  let input = around.input;
  for (const [index, part] of parts.entries()) {
    const first = found.length;
    const last = index === parts.length - 1;
    visit(part, { ...around, subshell: true, input, ...(last ? {} : NOWHERE) }, found);
    const before = input.kind === 'pipe' ? input.from : [];
    const own = found.slice(first).filter((command) => command.substituted === around.substituted);
    input = { kind: 'pipe', from: [...before, ...own.map(({ program }) => program)], ...handedOn(own) };
  }
}

/**
 * `a && b > f` and `a | b > f` come as one redirected statement, although the redirection is the last command's. What follows a
 * heredoc on its line (`cat <<EOF | kubectl apply`) comes as a part of the heredoc.
 */
function visitRedirected(node: Syntax, around: Around, found: Command[]): void {
  const first = found.length;
  const inside = { ...around, ...redirected(node, around.script, around) };
  // `> FILE` by itself makes the file, or empties it; `< FILE` only reads it.
  if (inside.writes.length > around.writes.length && node.children.every(({ type }) => isRedirection(type)))
    emit('', [], { ...inside, span: around.span ?? { start: node.start, end: node.end } }, found);
  for (const child of node.children) {
    if (isRedirection(child.type)) visitHeredoc(child, around, found, first);
    else if (child.type === 'pipeline' || child.type === 'list') visitLastRedirected(child, around, inside, found);
    else visit(child, inside, found);
  }
}

function visitLastRedirected(node: Syntax, around: Around, inside: Around, found: Command[]): void {
  const first = found.length;
  visit(node, around, found);
  const last = found.findLastIndex((command, index) => index >= first && command.substituted === around.substituted);
  const command = found[last];
  if (command === undefined) return;
  const input = inside.input === around.input ? command.input : inside.input;
  const writes = [...command.writes, ...inside.writes];
  found[last] = { ...command, writes, appends: [...command.appends, ...inside.appends], input };
}

function visitHeredoc(node: Syntax, around: Around, found: Command[], first: number): void {
  for (const child of node.children) {
    const piped = child.type === 'pipeline';
    const own = found.slice(first).filter((command) => command.substituted === around.substituted);
    const input: Input = { kind: 'pipe', from: own.map(({ program }) => program), ...handedOn(own) };
    if (isRedirection(child.type)) visitHeredoc(child, around, found, first);
    else visit(child, piped ? { ...around, input } : around, found);
  }
}

function visitSimple(node: Syntax, outer: Around, found: Command[]): void {
  const around = { ...outer, ...redirected(node, outer.script, outer) };
  const words = wordsOf(node, around.script);
  const { at, limited } = peel(words.map((word) => word.text));
  const program = words[at];
  const state = { ...around, limited: around.limited || limited };
  const place = around.span ?? { start: node.start, end: node.end };
  const args = words.slice(at + 1);
  emit(program ? baseName(program.text) : '', args, { ...state, span: place }, found);
  const inside = { ...around, input: TERMINAL, ...NOWHERE };
  for (const child of node.children) {
    // The assignments of `A=1 cmd` and `export A=1` are no commands of their own.
    if (child.type === 'variable_assignment') visitChildren(child, inside, found);
    else visit(child, inside, found);
  }
}

/** A test's words are its tokens; a mere assignment has none. */
function wordsOf(node: Syntax, script: string): readonly Word[] {
  switch (node.type) {
    case 'variable_assignment':
    case 'variable_assignments':
      return [];
    case 'test_command':
      return leavesOf(node).map((leaf) => wordOf(leaf, script));
    case 'command':
      return node.children.filter(isCommandWord).map((child) => wordOf(child, script));
    default:
      return node.children.map((child) => wordOf(child, script));
  }
}

function isCommandWord(child: Syntax): boolean {
  return child.type !== 'variable_assignment' && !isRedirection(child.type) && child.type !== 'comment';
}

const OPAQUE = new Set([
  'string',
  'raw_string',
  'concatenation',
  'simple_expansion',
  'expansion',
  'command_substitution',
]);

function leavesOf(node: Syntax): readonly Syntax[] {
  if (node.children.length === 0 || OPAQUE.has(node.type)) return [node];
  return node.children.flatMap(leavesOf);
}

/** Adds the command and those which it starts itself. `around.span` is where the command stands. */
function emit(program: string, args: readonly Word[], around: Around, found: Command[]): void {
  const { input, limited, inBackground, substituted, subshell, remote, writes, appends, exitIgnored, span } = around;
  const texts = args.map((word) => word.text);
  const { start, end } = span ?? { start: 0, end: 0 };
  found.push({
    program,
    args: texts,
    limited,
    inBackground,
    substituted,
    subshell,
    remote,
    input,
    writes,
    appends,
    exitIgnored,
    start,
    end,
  });
  const script = scriptArgument(program, texts);
  const inner = script === undefined ? undefined : args[script];
  const apart = { ...around, subshell: true };
  if (inner !== undefined) return visitInner(innerScript(inner), program === 'eval' ? around : apart, found);
  const fed = input.kind === 'text' || input.kind === 'pipe' ? input.text : undefined;
  if (fed !== undefined && readsScript(program, texts))
    visitInner(fed, { ...apart, input: TERMINAL, remote: remote || program === 'ssh' }, found);
  const launched = launchedBy(program, texts);
  if (launched === undefined) return;
  const rest = args.slice(launched.at);
  const inside = { ...apart, remote: remote || launched.remote };
  if (launched.reread) visitInner(rest.map(innerScript).join(' '), inside, found);
  else emitWords(rest, inside, found);
}

/** A shell that is given no script reads one from its input, on another machine (`ssh HOST <<EOF`) or as somebody else, too. */
function readsScript(program: string, args: readonly string[]): boolean {
  if (program === 'ssh') return launchedBy(program, args) === undefined;
  if (program === 'su') return scriptArgument(program, args) === undefined;
  if (program === 'sudo') return args.some((word) => /^-(?:[is]|-login|-shell)$/.test(word));
  const given = args.some((word) => !word.startsWith('-') || word === '-c');
  return SHELLS.includes(program) && (!given || args.includes('-s'));
}

function emitWords(words: readonly Word[], around: Around, found: Command[]): void {
  if (around.depth >= DEEPEST_NESTING) return;
  const { at, limited } = peel(words.map((word) => word.text));
  const program = words[at];
  if (program === undefined) return;
  const inside = { ...around, limited: around.limited || limited, depth: around.depth + 1 };
  emit(baseName(program.text), words.slice(at + 1), inside, found);
}

function visitInner(script: string, around: Around, found: Command[]): void {
  if (around.depth >= DEEPEST_NESTING) return;
  const tree = around.parse(script);
  if (tree !== undefined) visit(tree.root, { ...around, script, depth: around.depth + 1 }, found);
}
