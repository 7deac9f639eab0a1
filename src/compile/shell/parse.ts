import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Language, Parser } from 'web-tree-sitter';
import { turnsOrder } from '#ir/direction.js';
import { ownCopy } from '../own-copy.js';
import { commandsOf } from './commands.js';
import type { ShellFacts } from './facts.js';
import { candidates, MOST_CANDIDATES, mask } from './placeholders.js';
import { placeholdersOf } from './places.js';
import { plainSyntaxOf } from './plain.js';
import { LONGEST_SCRIPT, type SyntaxTree, syntaxOf } from './syntax.js';
import { variablesOf } from './variables.js';

/** The bash grammar, ready to parse, with the facts of the scripts read lately. */
export interface ShellGrammar {
  readonly parse: (script: string) => SyntaxTree | undefined;
  readonly remembered: Map<string, ShellFacts>;
}

/** Scripts longer than this are not remembered, so that the memory is bounded by this times REMEMBERED. */
const LONGEST_REMEMBERED = 2_000;
const REMEMBERED = 10_000;

let loading: Promise<ShellGrammar> | undefined;

/** Loads the grammar (WebAssembly, about 30 ms) once for the process; later calls give the same one. */
export function loadShellGrammar(): Promise<ShellGrammar> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ShellGrammar> {
  const file = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm');
  const parser = await compiledOnce(async () => {
    await Parser.init();
    return new Parser().setLanguage(await Language.load(file));
  });
  return { parse: (script) => plainSyntaxOf(script) ?? syntaxOf(script, parser), remembered: new Map() };
}

/**
 * V8 would compile what parses once more, for speed: a second of processor time, for which the process even waits before it ends, and
 * parsing gets no faster. What is compiled meanwhile keeps to that, so all of it is, and no module that comes later.
 */
async function compiledOnce<Result>(compile: () => Promise<Result>): Promise<Result> {
  // A later V8 may not know a flag, and would say so on stderr.
  const flags =
    Number.parseInt(process.versions.node, 10) <= 22
      ? ['wasm-tier-up', 'wasm-dynamic-tiering', 'wasm-lazy-compilation']
      : [];
  for (const flag of flags) setFlagsFromString(`--no-${flag}`);
  try {
    return await compile();
  } finally {
    for (const flag of flags) setFlagsFromString(`--${flag}`);
  }
}

const UNREADABLE: ShellFacts = {
  parsed: false,
  commands: [],
  freeVariables: [],
  defaultedVariables: [],
  assignedVariables: [],
  assignedOtherwise: [],
  sources: false,
  placeholders: [],
};

/**
 * What a bash script does, as far as can be told without running it. Never throws; a script over 65,536 units, nested too
 * deep, or too hard to parse has `parsed: false` and nothing else.
 */
export function shellFacts(script: string, grammar: ShellGrammar): ShellFacts {
  const known = grammar.remembered.get(script);
  if (known !== undefined) return known;
  if (script.length > LONGEST_REMEMBERED) return read(script, grammar);
  // Facts hold pieces of their script, so they are read from the copy as well.
  const copy = ownCopy(script);
  const facts = read(copy, grammar);
  if (grammar.remembered.size >= REMEMBERED) grammar.remembered.clear();
  grammar.remembered.set(copy, facts);
  return facts;
}

function read(script: string, grammar: ShellGrammar): ShellFacts {
  if (script.length > LONGEST_SCRIPT) return UNREADABLE;
  const found = candidates(script);
  if (found.length > MOST_CANDIDATES) return UNREADABLE;
  const tree = grammar.parse(mask(script, found));
  if (tree === undefined) return UNREADABLE;
  const inner = (text: string): SyntaxTree | undefined => grammar.parse(mask(text, candidates(text)));
  const commands = commandsOf(tree.root, script, inner);
  const { free, defaulted, assigned, otherwise } = variablesOf(tree.root, script, inner);
  return {
    parsed: !tree.hasError && !turnsOrder(script),
    commands,
    freeVariables: free,
    defaultedVariables: defaulted,
    assignedVariables: assigned,
    assignedOtherwise: otherwise,
    sources: commands.some(
      ({ program, args }) => /^(?:source|\.)$/.test(program) || (program === 'eval' && args.length > 0),
    ),
    placeholders: placeholdersOf(found, tree, script),
  };
}
