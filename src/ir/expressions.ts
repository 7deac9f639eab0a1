import { EvaluationError } from '@marcbachmann/cel-js';
import { OpsroomError } from '#kit/errors.js';
import type { VerifierContract } from './calls.js';
import { runExpression } from './cel-evaluate.js';
import { ExpressionProblem, type Parsed, parseExpression, type Reference } from './cel-parse.js';
import { type CelValue, fromCel, NotJson, toCel } from './cel-values.js';
import type { JsonObject, JsonValue } from './json.js';
import type { Verifier } from './plan.js';
import { hasTemplate, parseTemplate, type TemplatePart, UnclosedExpression } from './template.js';

/** What is known of a step that has ended. */
export interface StepView {
  readonly status: string;
  readonly output: JsonValue;
}

/** What expressions see. A variable that is left out does not exist there. Values are not to be changed afterwards. */
export interface Scope {
  readonly inputs?: JsonObject;
  readonly steps?: { get(id: string): StepView | undefined };
  /** Values, or masks when the result is only shown: the caller decides. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The names that the room lets plans read. */
  readonly env?: Readonly<Record<string, string>>;
  /** `id`, `planDigest`, `startedAt`, … of the run. */
  readonly run?: JsonObject;
  /** The element of the forEach, and its place. */
  readonly item?: JsonValue;
  readonly index?: number;
  /** This step's own output; also called `outputs`. */
  readonly output?: JsonValue;
  /** `id`, `key` (the idempotency key) and `attempt` of this step; `startedAt` once its tool has run. */
  readonly step?: JsonObject;
}

/**
 * The value with every `{{ }}` in its strings replaced. A string that is exactly one expression becomes the value of
 * the expression, with its type; in other strings, strings are put in as they are, numbers and booleans as text, and
 * null, lists and objects are an error. Keys are never rendered, and what comes out is never rendered again.
 * `where` names the place for the error.
 * @throws OpsroomError PLAN_EXPRESSION
 */
export function render(value: JsonValue, scope: Scope, where = ''): JsonValue {
  if (typeof value === 'string') return hasTemplate(value) ? renderText(value, scope, where) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((element, i) => render(element, scope, `${where}[${i}]`));
  const members = Object.entries(value).map(([key, member]): [string, JsonValue] => [
    key,
    render(member, scope, where === '' ? key : `${where}.${key}`),
  ]);
  return Object.fromEntries(members);
}

function renderText(text: string, scope: Scope, where: string): JsonValue {
  const parts = templateParts(text, where);
  const [only] = parts;
  if (only?.type === 'expression' && parts.length === 1) return evaluate(only.source, scope, where);
  return parts
    .map((part) => (part.type === 'text' ? part.text : asText(evaluate(part.source, scope, where), part.source, where)))
    .join('');
}

function templateParts(text: string, where: string): TemplatePart[] {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof UnclosedExpression) throw new OpsroomError('PLAN_EXPRESSION', { what: error.message, where });
    throw error;
  }
}

function asText(value: JsonValue, source: string, where: string): string {
  if (value !== null && typeof value !== 'object') return String(value);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  throw new OpsroomError('PLAN_EXPRESSION', {
    what: `{{${source}}} is ${kind}, which has no place inside text`,
    where,
    mend: 'Pick a field of it, or let the expression be the whole value.',
  });
}

/**
 * The value of one CEL expression (without braces) as JSON. Integers: a safe JSON integer is a CEL int and back; see
 * `toCel` and `fromCel`.
 * @throws OpsroomError PLAN_EXPRESSION
 */
export function evaluate(source: string, scope: Scope, where = ''): JsonValue {
  const parsed = parseOrThrow(source, where);
  try {
    return fromCel(runExpression(parsed, variables(parsed, scope)));
  } catch (error) {
    throw new OpsroomError('PLAN_EXPRESSION', {
      where,
      ...(missingSecret(parsed, scope, error) ?? { what: failure(parsed, error) }),
    });
  }
}

/** The expression is right: what is wrong is that nobody has set the secret. */
function missingSecret(
  { references }: Parsed,
  { secrets = {} }: Scope,
  error: unknown,
): { what: string; mend: string } | undefined {
  const name = references.find(({ path: [root, name = ''] }) => root === 'secrets' && !Object.hasOwn(secrets, name))
    ?.path[1];
  if (name === undefined || !String(error).includes(`No such key: ${name}`)) return undefined;
  return {
    what: `The secret ${name} is not set for the target of this run.`,
    mend: `Set it with \`opsroom secrets set ${name}\`, then run this anew.`,
  };
}

/** `if` and `forEach` may be written with or without braces. */
export function bareExpression(text: string): string {
  const trimmed = text.trim();
  if (!hasTemplate(trimmed)) return trimmed;
  const parts = templateParts(trimmed, '');
  const [only] = parts;
  return only?.type === 'expression' && parts.length === 1 ? only.source : trimmed;
}

function parseOrThrow(source: string, where: string): Parsed {
  try {
    return parseExpression(source);
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    throw new OpsroomError('PLAN_EXPRESSION', { what: `{{${source}}}: ${error.message}`, where });
  }
}

/** Errors of the evaluator may quote the values they failed on, so those of an expression with secrets are not told. */
function failure(parsed: Parsed, error: unknown): string {
  const secret = parsed.references.some((reference) => reference.path[0] === 'secrets');
  const known =
    error instanceof EvaluationError
      ? error.summary
      : error instanceof NotJson
        ? error.message
        : 'it cannot be evaluated';
  return `{{${parsed.source}}}: ${secret && !known.startsWith('No such key') ? 'it cannot be evaluated' : known}`;
}

/** Only what the expression names is converted: a run may have ten thousand steps. */
function variables(parsed: Parsed, scope: Scope): Map<string, CelValue> {
  const result = new Map<string, CelValue>();
  const output = scope.output === undefined ? undefined : toCel(scope.output);
  const known: Readonly<Record<string, () => CelValue | undefined>> = {
    inputs: () => scope.inputs && toCel(scope.inputs),
    steps: () => scope.steps && stepsOf(parsed.references, scope.steps),
    secrets: () => scope.secrets && toCel(scope.secrets),
    env: () => scope.env && toCel(scope.env),
    run: () => scope.run && toCel(scope.run),
    item: () => (scope.item === undefined ? undefined : toCel(scope.item)),
    index: () => (scope.index === undefined ? undefined : toCel(scope.index)),
    output: () => output,
    outputs: () => output,
    step: () => scope.step && toCel(scope.step),
  };
  for (const root of new Set(parsed.references.map((reference) => reference.path[0] ?? ''))) {
    const value = Object.hasOwn(known, root) ? known[root]?.() : undefined;
    if (value !== undefined) result.set(root, value);
  }
  return result;
}

function stepsOf(references: readonly Reference[], steps: NonNullable<Scope['steps']>): Map<string, CelValue> {
  const ids = references.flatMap(({ path }) => (path[0] === 'steps' && path[1] !== undefined ? [path[1]] : []));
  const views = ids.flatMap((id): [string, CelValue][] => {
    const view = steps.get(id);
    if (view === undefined) return [];
    const output = toCel(view.output);
    return [
      [
        id,
        new Map<string, CelValue>([
          ['status', view.status],
          ['output', output],
          ['outputs', output],
        ]),
      ],
    ];
  });
  return new Map(views);
}

/** What the tool says of any run, whatever it did. */
const SAYS_NOTHING = new Set(['exitCode', 'status']);

/**
 * Whether what the verifier expects names this run's effect: an expression in one of the contract's expectation paths
 * reads `run.id`, `step.key`, or something of the tool's output beyond its exit code or status.
 */
export function namesEffect(
  verifier: Pick<Verifier, 'config'>,
  contract: Pick<VerifierContract, 'expectation'>,
): boolean {
  const expected = contract.expectation.map((path) => path.split('.').reduce(member, verifier.config));
  return references(expected).some(namesRun);
}

/** Whether the config reads the tool's output, so that no look is possible before the tool has run. */
export function needsOutput(verifier: Pick<Verifier, 'config'>): boolean {
  return references(verifier.config).some(({ path }) => path[0] === 'output' || path[0] === 'outputs');
}

/** Whether the config reads when the step started, which nobody knows before. */
export function needsStart(verifier: Pick<Verifier, 'config'>): boolean {
  return references(verifier.config).some(({ path }) => path[0] === 'step' && path[1] === 'startedAt');
}

function namesRun({ path, dynamic }: Reference): boolean {
  const [root, field] = path;
  if (root === 'run') return field === 'id';
  if (root === 'step') return field === 'key';
  if (root !== 'output' && root !== 'outputs') return false;
  return field === undefined ? dynamic !== true : !SAYS_NOTHING.has(field);
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Every reference in the expressions of the value; none where it does not parse (the compiler has said so). */
function references(value: JsonValue | undefined | readonly (JsonValue | undefined)[]): Reference[] {
  if (typeof value === 'string') return hasTemplate(value) ? referencesOfText(value) : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((element) => references(element));
}

function referencesOfText(text: string): Reference[] {
  try {
    return parseTemplate(text).flatMap((part) => (part.type === 'text' ? [] : parseExpression(part.source).references));
  } catch {
    return [];
  }
}
