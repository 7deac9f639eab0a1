import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { FUNCTIONS, LIMITS, MACROS, METHODS, VARIABLES } from './cel-language.js';

/** A use of a variable of the scope: `steps.build.output` is `['steps', 'build', 'output']`; an index that is not a literal ends the path. */
export interface Reference {
  readonly path: readonly string[];
  /** Offset in the expression. */
  readonly at: number;
  /** Set when the path goes on with an index that is only known when it runs. */
  readonly dynamic?: true;
}

export interface Parsed {
  readonly source: string;
  readonly ast: ASTNode;
  readonly references: readonly Reference[];
}

/** What is wrong with an expression, and where in its text. */
export class ExpressionProblem extends Error {
  readonly at: number;

  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

const grammar = new Environment({
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: LIMITS.nodes,
    maxDepth: LIMITS.depth,
    maxListElements: 200,
    maxMapEntries: 200,
    maxCallArguments: 8,
  },
});

const MEMO_SIZE = 20_000;
const memo = new Map<string, Parsed>();

/**
 * Syntax tree and references of a CEL expression; a function of its text, remembered.
 * @throws ExpressionProblem on a syntax error, an unknown function, or when a limit of `LIMITS` is passed
 */
export function parseExpression(source: string): Parsed {
  const known = memo.get(source);
  if (known !== undefined) return known;
  if (source.length > LIMITS.length) throw new ExpressionProblem(`longer than ${LIMITS.length} characters`, 0);
  const ast = parseSyntax(source);
  const references: Reference[] = [];
  walk(ast, { bound: [], loops: 0, references });
  const parsed = { source, ast, references };
  if (memo.size >= MEMO_SIZE) memo.clear();
  memo.set(source, parsed);
  return parsed;
}

function parseSyntax(source: string): ASTNode {
  if (source.trim() === '') throw new ExpressionProblem('the expression is empty', 0);
  try {
    return grammar.parse(source).ast;
  } catch (error) {
    if (error instanceof ParseError) throw new ExpressionProblem(lowerFirst(error.summary), error.range?.start ?? 0);
    throw new ExpressionProblem('the expression is nested too deeply', 0);
  }
}

interface Walk {
  /** Variables of the loops around. */
  readonly bound: readonly string[];
  readonly loops: number;
  readonly references: Reference[];
}

function walk(node: ASTNode, w: Walk): void {
  const path = referencePath(node);
  if (path !== undefined) return walkReference(node, path, w);
  switch (node.op) {
    case 'value':
      return refuseLiteral(node.args, node.start);
    case 'call':
      return walkCall(node.args[0], node.args[1], node.start, w);
    case 'rcall':
      return walkMethod(node.args, node.start, w);
    default:
      for (const child of children(node)) walk(child, w);
  }
}

/** Bytes and unsigned integers have no JSON form. */
function refuseLiteral(value: unknown, at: number): void {
  if (typeof value === 'object' && value !== null)
    throw new ExpressionProblem('bytes and unsigned integers are not available', at);
}

function walkReference(node: ASTNode, found: ReferencePath, w: Walk): void {
  const root = found.path[0] ?? '';
  for (const index of found.indexes) walk(index, w);
  if (w.bound.includes(root)) return;
  w.references.push({ path: found.path, at: node.start, ...(found.dynamic ? { dynamic: true as const } : {}) });
}

function walkCall(name: string, args: readonly ASTNode[], at: number, w: Walk): void {
  if (!FUNCTIONS.has(name)) throw new ExpressionProblem(`there is no function ${name}()`, at);
  for (const arg of args) walk(arg, w);
}

function walkMethod([name, receiver, args]: [string, ASTNode, ASTNode[]], at: number, w: Walk): void {
  walk(receiver, w);
  if (!MACROS.has(name)) {
    if (!METHODS.has(name)) throw new ExpressionProblem(`there is no method .${name}()`, at);
    for (const arg of args) walk(arg, w);
    return;
  }
  const variable = args[0]?.op === 'id' ? args[0].args : undefined;
  if (variable === undefined) throw new ExpressionProblem(`.${name}() needs a variable name first`, at);
  if (isVariable(variable)) throw new ExpressionProblem(`the loop variable ${variable} hides a name of the scope`, at);
  if (w.loops >= LIMITS.loops) throw new ExpressionProblem(`more than ${LIMITS.loops} loops inside each other`, at);
  for (const arg of args.slice(1)) walk(arg, { ...w, bound: [...w.bound, variable], loops: w.loops + 1 });
}

interface ReferencePath {
  readonly path: string[];
  readonly indexes: ASTNode[];
  readonly dynamic: boolean;
}

/** `a.b["c"][i]` as a path with the index expressions in it; undefined for anything that does not start at a variable. */
function referencePath(node: ASTNode): ReferencePath | undefined {
  if (node.op === 'id') return { path: [node.args], indexes: [], dynamic: false };
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const base = referencePath(node.args[0]);
  if (base === undefined) return undefined;
  const literal = node.op === '.' ? node.args[1] : literalKey(node.args[1]);
  const indexes = node.op === '[]' ? [...base.indexes, node.args[1]] : base.indexes;
  if (base.dynamic || literal === undefined) return { ...base, indexes, dynamic: true };
  return { path: [...base.path, literal], indexes, dynamic: false };
}

function literalKey(node: ASTNode): string | undefined {
  if (node.op !== 'value') return undefined;
  return typeof node.args === 'string' || typeof node.args === 'bigint' ? String(node.args) : undefined;
}

/** The operands of a node that is neither a call nor a variable. */
export function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
      return [node.args[0]];
    case '!_':
    case '-_':
      return [node.args];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '?:':
    case '[]':
    case '||':
    case '&&':
      return node.args;
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    default:
      return node.args as [ASTNode, ASTNode];
  }
}

function isVariable(name: string): boolean {
  return VARIABLES.some((variable) => variable === name);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
