import { EvaluationError } from '@marcbachmann/cel-js';
import { OpsroomError } from '#kit/errors.js';
import { runExpression } from './cel-evaluate.js';
import { ExpressionProblem, type Parsed, parseExpression } from './cel-parse.js';
import { type CelValue, fromCel, NotJson, toCel } from './cel-values.js';
import type { JsonObject, JsonValue } from './json.js';

/** What expressions over an event from outside see. */
export interface EventScope {
  /** What the sender calls it: `push`; empty when it says nothing. */
  readonly event: string;
  /** The sender's own name for this delivery. */
  readonly delivery: string;
  readonly payload: JsonValue;
  /** By their names in lower case, without those that authenticate. */
  readonly headers: Readonly<Record<string, string>>;
}

const NAMES = ['event', 'delivery', 'payload', 'headers'] as const;

/**
 * What is wrong with an expression over an event, before there is one; undefined when nothing is.
 * @returns part of a sentence
 */
export function eventExpressionProblem(source: string): string | undefined {
  try {
    const known: readonly string[] = NAMES;
    const strange = parseExpression(source).references.find(({ path }) => !known.includes(path[0] ?? ''));
    return strange && `there is no ${strange.path[0]}; an event has ${NAMES.join(', ')}`;
  } catch (error) {
    if (error instanceof ExpressionProblem) return error.message;
    throw error;
  }
}

/**
 * The value of a CEL expression over an event. Bounded in time and size like every expression; payloads are data.
 * @param where names the place for the error
 * @throws OpsroomError PLAN_EXPRESSION
 */
export function evaluateOverEvent(source: string, scope: EventScope, where: string): JsonValue {
  const refuse = (what: string): never => {
    throw new OpsroomError('PLAN_EXPRESSION', { what: `${source.slice(0, 200)}: ${what}`, where });
  };
  const problem = eventExpressionProblem(source);
  if (problem !== undefined) return refuse(problem);
  const parsed = parseExpression(source);
  try {
    return fromCel(runExpression(parsed, variablesOf(parsed, scope)));
  } catch (error) {
    if (error instanceof EvaluationError) return refuse(error.summary);
    return refuse(error instanceof NotJson ? error.message : 'it cannot be evaluated');
  }
}

function variablesOf({ references }: Parsed, scope: EventScope): Map<string, CelValue> {
  const used = new Set(references.map(({ path }) => path[0]));
  const headers = scope.headers as JsonObject;
  const values = { ...scope, headers };
  return new Map(NAMES.filter((name) => used.has(name)).map((name) => [name, toCel(values[name])]));
}
