import { type ASTNode, Environment, EvaluationError, serialize } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { LIMITS, MACROS } from './cel-language.js';
import { children, type Parsed } from './cel-parse.js';

/** The evaluation spent what it may; one instance, because a loop that swallows errors may throw it many times. */
const EXHAUSTED = new EvaluationError(`the expression does too much work (more than ${LIMITS.steps} steps)`);

/**
 * The evaluator of the library cannot be bounded from outside, so the expression is rewritten before it runs: what is
 * looped over, compared or handed to a function passes through `_pay`, which counts and refuses. Loops are paid for
 * before they start, since `exists` and `all` go on after an error. Evaluation is synchronous, so one purse serves.
 */
const purse = { left: 0 };

function spend(amount: number): void {
  purse.left -= amount;
  if (purse.left < 0) throw EXHAUSTED;
}

const CHARS_PER_STEP = 256;
const MEMBERS_PER_STEP = 8;
/** A call or comparison of scalars; the size of the syntax tree bounds how many there are in a loop. */
const CALL = 0.25;

/** The cost of reading a value once without entering its members. */
function width(value: unknown): number {
  if (typeof value === 'string') return value.length / CHARS_PER_STEP;
  if (Array.isArray(value)) return value.length / MEMBERS_PER_STEP;
  return value instanceof Map ? value.size / MEMBERS_PER_STEP : 0;
}

function pay<T>(value: T): T {
  spend(CALL + width(value));
  return value;
}

/** Pays for visiting every member. */
function payLoop<T>(value: T): T {
  spend(CALL + width(value) * MEMBERS_PER_STEP);
  return value;
}

/** Pays for a comparison: every member counts. */
function payDeep<T>(value: T): T {
  spend(CALL + width(value));
  if (Array.isArray(value)) for (const element of value) if (typeof element === 'object') payDeep(element);
  if (value instanceof Map) for (const member of value.values()) if (typeof member === 'object') payDeep(member);
  return value;
}

/** RE2 has no backtracking, but its automaton costs by the size of the pattern as well. */
function matches(text: unknown, pattern: unknown): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string')
    throw new EvaluationError('matches() compares a string with a pattern');
  if (pattern.length > 500) throw new EvaluationError('the pattern of matches() is longer than 500 characters');
  spend(1 + (text.length * (1 + pattern.length / 16)) / 64);
  return compilePattern(pattern).matcher(text).find();
}

function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new EvaluationError('the pattern of matches() is not a regular expression of RE2');
  }
}

/** Mixed arithmetic gives a double, as people expect of `inputs.price * 1.5` when the price happens to be whole. */
const MIXED: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** Adds what both the checker and the evaluator know beyond standard CEL. */
export function extend(environment: Environment): Environment {
  for (const [operator, handler] of Object.entries(MIXED)) {
    environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => handler(Number(a), b));
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => handler(a, Number(b)));
  }
  return environment.registerOperator('int == double', (a: bigint, b: number) => Number(a) === b);
}

const evaluator = extend(new Environment({ homogeneousAggregateLiterals: false, unlistedVariablesAreDyn: true }))
  .registerFunction('pay_(dyn): dyn', pay)
  .registerFunction('payLoop_(dyn): dyn', payLoop)
  .registerFunction('payDeep_(dyn): dyn', payDeep)
  .registerFunction('matches_(dyn, dyn): bool', matches);

type Run = (scope: ReadonlyMap<string, unknown>) => unknown;
const programs = new WeakMap<Parsed, Run>();

/**
 * The value of the expression over `variables`, which holds converted values (`toCel`).
 * @throws EvaluationError
 */
export function runExpression(parsed: Parsed, variables: ReadonlyMap<string, unknown>): unknown {
  let program = programs.get(parsed);
  if (program === undefined) {
    program = evaluator.parse(metered(parsed.ast)) as Run;
    programs.set(parsed, program);
  }
  purse.left = LIMITS.steps;
  return program(variables);
}

/** The source of the same expression with every costly operand metered. */
function metered(node: ASTNode): string {
  switch (node.op) {
    case 'value':
      return serialize(node);
    case 'id':
      return node.args;
    case '.':
      return `${metered(node.args[0])}.${node.args[1]}`;
    case '[]':
      return `${metered(node.args[0])}[${metered(node.args[1])}]`;
    case 'call':
      return meteredCall(node.args);
    case 'rcall':
      return meteredMethod(node.args);
    case 'list':
      return `[${node.args.map(metered).join(', ')}]`;
    case 'map':
      return `{${node.args.map(([key, value]) => `${metered(key)}: ${metered(value)}`).join(', ')}}`;
    case '?:':
      return `(${metered(node.args[0])} ? ${metered(node.args[1])} : ${metered(node.args[2])})`;
    case '!_':
    case '-_':
      return `${node.op.charAt(0)}(${metered(node.args)})`;
    default:
      return meteredBinary(node);
  }
}

function meteredCall([name, args]: [string, ASTNode[]]): string {
  if (name === 'has') return `has(${args.map(metered).join(', ')})`;
  return `pay_(${name}(${args.map((arg) => `pay_(${metered(arg)})`).join(', ')}))`;
}

function meteredMethod([name, receiver, args]: [string, ASTNode, ASTNode[]]): string {
  if (MACROS.has(name)) return `payLoop_(${metered(receiver)}).${name}(${args.map(metered).join(', ')})`;
  const operands = args.map((arg) => `pay_(${metered(arg)})`).join(', ');
  if (name === 'matches') return `matches_(${metered(receiver)}, ${operands})`;
  return `pay_(pay_(${metered(receiver)}).${name}(${operands}))`;
}

/** Numbers only, so that the cost is constant. */
const ARITHMETIC: ReadonlySet<string> = new Set(['-', '*', '/', '%']);

function meteredBinary(node: ASTNode): string {
  const [left = '', right = ''] = children(node).map(metered);
  if (node.op === '||' || node.op === '&&') return `(${left} ${node.op} ${right})`;
  if (node.op === '+') return `pay_(${left} + ${right})`;
  if (ARITHMETIC.has(node.op)) return `(${left} ${node.op} ${right})`;
  return `(payDeep_(${left}) ${node.op} payDeep_(${right}))`;
}
