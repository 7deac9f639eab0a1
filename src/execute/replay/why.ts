import { parseExpression } from '#ir/cel-parse.js';
import { bareExpression } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import { parseTemplate } from '#ir/template.js';
import type { RunState } from '../decide/state.js';
import { unitKey } from '../records.js';
import type { Line } from './difference.js';

/** Why the rules come to a line, as far as one rule can be named. */
export function whyDecided(decided: Line, plan: Plan, rendersEnv: boolean): string {
  const step = plan.steps.find(({ id }) => id === decided.step);
  const told = memberOf(decided.data);
  const fault = memberOf(told['error']);
  const env = rendersEnv
    ? ' The step reads `env`, which is not recorded: it was evaluated with what it is here and now.'
    : '';
  const said = typeof fault['message'] === 'string' ? fault['message'] : told['message'];
  if (decided.type === 'step.skipped' && step?.if !== undefined)
    return `Its condition is false by what is recorded: ${step.if}${env}`;
  if (decided.type === 'step.started' && step?.if !== undefined)
    return `Its condition is true by what is recorded: ${step.if}${env}`;
  if (decided.type === 'step.retrying' || told['retry'] !== undefined)
    return `Its retryPolicy (${step?.retryPolicy?.maxAttempts ?? 1} attempts) and what the tool said decide whether it is tried again.`;
  if (typeof said === 'string') return `${said}${env}`;
  return `It follows from the records before it.${env}`;
}

/** Why a unit may not do what is recorded of it. */
export function whyNotYet(
  state: RunState,
  { step, item }: { readonly step: string; readonly item: number },
  isSettled: (id: string) => boolean,
): string {
  const { plan } = state;
  const planned = plan.steps.find(({ id }) => id === step.split('/')[0]);
  if (!planned) return 'The plan has no such step.';
  const unit = state.units.get(unitKey(step, item));
  if (state.mode === 'rollback' && !step.includes('/'))
    return 'The run rolls back: nothing of the plan starts any more.';
  const open = planned.dependsOn.filter((id) => !isSettled(id));
  if (open.length > 0) return `It depends on ${open.join(', ')}, which is not settled at that point.`;
  if (unit?.phase === 'done' || unit?.phase === 'failed') return `It is ${unit.phase} at that point.`;
  if (unit?.phase === 'retrying') return 'It is to be tried again later.';
  if (unit && unit.phase !== 'ready') return `It is ${unit.phase} at that point.`;
  if (state.failure) return `A step has failed before: ${state.failure.message}`;
  if (state.cancelling) return 'The run is being cancelled.';
  if (state.pausing) return 'The run is pausing.';
  return planned.forEach
    ? 'Its forEach has no such item, or no room for it yet.'
    : 'The rules do not allow it at that point.';
}

/** Whether some expression of a step reads the environment of the worker, which no record holds. */
export function readsEnv(step: Step | RollbackStep): boolean {
  const sources = [
    ...('if' in step && step.if !== undefined ? [bareExpression(step.if)] : []),
    ...('forEach' in step && typeof step.forEach?.items === 'string' ? [bareExpression(step.forEach.items)] : []),
    ...expressionsIn(step as unknown as JsonObject),
  ];
  return sources.some((source) => parseExpression(source).references.some(({ path }) => path[0] === 'env'));
}

function expressionsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string')
    return value.includes('{{') ? parseTemplate(value).flatMap((p) => (p.type === 'expression' ? [p.source] : [])) : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((member) => expressionsIn(member));
}

const memberOf = (value: JsonValue | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
