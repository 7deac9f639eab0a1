import { type Allowlist, judgeCall, type Permitted } from '#ir/allowlist.js';
import type { Tool } from '#ir/calls.js';
import { bareExpression, evaluate, render, type Scope } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import type { Unit } from '../decide/units.js';
import type { RunRow } from '../records.js';

/** What is called, and which entries of which lists permit it. */
export interface Permission {
  readonly call: string;
  readonly by: readonly Permitted[];
}

/** What follows for a unit from what is recorded, before anything is looked at. */
export type Readied =
  | { readonly kind: 'skip' }
  | { readonly kind: 'wait'; readonly args: JsonObject; readonly wakeAt: Date | undefined }
  /** `permitted` is undefined where no list holds. */
  | { readonly kind: 'call'; readonly args: JsonObject; readonly permitted: Permission | undefined };

export interface ReadyFrom {
  /** Without secrets: their marks stand in. */
  readonly shown: Scope;
  /** Every list that holds for the run. */
  readonly lists: readonly Allowlist[];
  readonly tools: ReadonlyMap<string, Pick<Tool, 'contract'>>;
  readonly now: Date;
}

type Ready = Pick<Unit, 'step' | 'key'>;

const LATEST_MS = Date.UTC(9999, 11, 31);

/**
 * The condition, the arguments and the allowlists of a unit, in that order.
 *
 * @throws OpsroomError PLAN_EXPRESSION, ARGUMENT_INVALID; TOOL_NOT_ALLOWED for what a list does not name
 */
export function readied(unit: Ready, { shown, lists, tools, now }: ReadyFrom): Readied {
  const { step } = unit;
  if ('if' in step && step.if !== undefined && !truth(evaluate(bareExpression(step.if), shown), unit))
    return { kind: 'skip' };
  const args = render(step.args, shown) as JsonObject;
  if (step.kind === 'system') return { kind: 'wait', args, wakeAt: wakeAt(unit, args, now) };
  return { kind: 'call', args, permitted: lists.length === 0 ? undefined : permit(unit, args, { lists, tools }) };
}

/** The lists that hold for a run: its plan's, and those that it was asked for with. */
export function listsOf(plan: Pick<Plan, 'tools'>, run: Pick<RunRow, 'allowed_tools'>): Allowlist[] {
  const own: Allowlist[] = plan.tools === undefined ? [] : [{ of: 'plan', tools: plan.tools }];
  return [...own, ...(run.allowed_tools ?? [])];
}

/** What a call of a step is called in lists, limits and records. */
export function callName(step: Unit['step'], args: JsonObject, tools: ReadyFrom['tools']): string {
  const tool = step.tool ?? '';
  return tools.get(tool)?.contract.callName?.(args) ?? tool;
}

function permit(unit: Ready, args: JsonObject, { lists, tools }: Pick<ReadyFrom, 'lists' | 'tools'>): Permission {
  const call = callName(unit.step, args, tools);
  const judged = judgeCall(call, lists);
  if ('by' in judged) return { call, by: judged.by };
  const { of, tools: named } = judged.against;
  throw new OpsroomError('TOOL_NOT_ALLOWED', {
    what: `The list of the ${of} does not name ${call}: ${named.length === 0 ? 'it is empty' : named.slice(0, 10).join(', ')}.`,
    where: `step ${unit.key}`,
  });
}

/** The arguments may have come from expressions: what they give need be no time, nor one that can be stored. */
function wakeAt({ step, key }: Ready, { durationMs, until }: JsonObject, now: Date): Date | undefined {
  if (step.action !== 'wait') return undefined;
  const ms =
    typeof durationMs === 'number'
      ? now.getTime() + durationMs
      : typeof until === 'string'
        ? Date.parse(until)
        : Number.NaN;
  if (ms <= LATEST_MS) return new Date(Math.max(0, ms));
  const what = `The wait ends at no time before the year 10000: ${JSON.stringify(durationMs ?? until ?? null)}.`;
  throw new OpsroomError('ARGUMENT_INVALID', { what, where: `step ${key}` });
}

function truth(value: JsonValue, unit: Ready): boolean {
  if (typeof value === 'boolean') return value;
  const what = `The condition gives ${JSON.stringify(value)}, not true or false.`;
  throw new OpsroomError('PLAN_EXPRESSION', { what, where: `step ${unit.key}, if` });
}
