import type { JsonValue } from '#ir/json.js';
import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import type { Undoing } from '#ir/undoing.js';
import { isIsolated } from '../authority/facts.js';

/**
 * What whoever decides about a step should know before they say yes.
 *
 * @param undoing what takes it back
 */
export async function stepWarnings(step: Step, undoing: readonly Undoing[]): Promise<string[]> {
  const warnings = isIsolated(step) ? [] : ['runs programs that are not isolated from the machine'];
  for (const one of [step, ...(step.rollback ?? [])]) warnings.push(...(await destructionOf(one, one !== step)));
  if (step.readOnly === true || step.kind === 'system') return warnings;
  if (!step.verifiers.some(({ required }) => required) && step.outputSchema === undefined)
    warnings.push('counts on its exit code alone: nothing checks its effect');
  if (lacksRollback(step, undoing)) warnings.push('has no rollback');
  return warnings;
}

/** What it changes stays changed when the run fails, as far as the plan says. */
export function lacksRollback({ readOnly, kind }: Step, undoing: readonly Undoing[]): boolean {
  return readOnly !== true && kind !== 'system' && undoing.length === 0;
}

async function destructionOf({ tool, args }: Step | RollbackStep, undoing: boolean): Promise<string[]> {
  const where = undoing ? 'its rollback ' : '';
  if (tool === 'http' && textOf(args['method']).toUpperCase() === 'DELETE') return [`${where}deletes by HTTP`];
  const script = tool === 'shell' ? textOf(args['run']) : '';
  if (script === '') return [];
  const [{ isDestructive }, { loadShellGrammar, shellFacts }] = await Promise.all([
    import('#compile/shell/judge/destructive.js'),
    import('#compile/shell/parse.js'),
  ]);
  const { commands } = shellFacts(script, await loadShellGrammar());
  const found = commands.flatMap((command) => isDestructive(command)?.reason ?? []);
  return [...new Set(found)].map((reason) => `${where}${reason}`);
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

const WORTH_SAYING = 20;

/** What of the steps' warnings is said of the plan as a whole. */
export function planWarnings(
  { steps }: Pick<Plan, 'steps'>,
  bySteps: ReadonlyMap<string, readonly string[]>,
): string[] {
  const loud = steps.flatMap(({ id }) =>
    (bySteps.get(id) ?? []).filter((one) => !/^(has no|counts on)/.test(one)).map((one) => `${id}: ${one}`),
  );
  const weak = steps.filter(({ id }) => bySteps.get(id)?.some((one) => one.startsWith('counts on'))).length;
  const words =
    weak === 0
      ? []
      : [`${weak} of ${steps.length} steps ${weak === 1 ? 'counts on its' : 'count on their'} exit code alone`];
  return [...loud.slice(0, WORTH_SAYING), ...words];
}
