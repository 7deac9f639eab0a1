import { chosenElsewhere, freeSecret } from '#execute/attempts/sending.js';
import type { Ports, RunSecrets } from '#execute/ports.js';
import type { Sending } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan, RollbackStep, Step, Target } from '#ir/plan.js';
import type { OpsroomError } from '#kit/errors.js';

/** What tells where secrets would go. */
export interface Senders {
  readonly org: string;
  readonly ports: Pick<Ports, 'tools' | 'verifiers'> & {
    secrets(...of: Parameters<Ports['secrets']>): Promise<Pick<RunSecrets, 'isBound'>>;
  };
}

/**
 * Why a plan would be given no run: whoever fills in its inputs would choose where a secret goes that may go anywhere.
 * @returns undefined when all of its secrets go where the plan says, or only where they may
 */
export async function sendingProblem(
  plan: Plan,
  target: Pick<Target, 'environment' | 'app'>,
  { org, ports }: Senders,
): Promise<OpsroomError | undefined> {
  if (!JSON.stringify(plan.steps).includes('secrets')) return undefined;
  const secrets = await ports.secrets(org, target);
  for (const step of plan.steps) {
    for (const given of [step, ...(step.rollback ?? [])].flatMap((one) => callsOf(one, ports))) {
      const free = freeSecret(given, secrets);
      if (free !== undefined) return chosenElsewhere(free, `step ${step.id}`);
    }
  }
  return undefined;
}

interface Call {
  readonly written: JsonObject;
  readonly sends: Sending | undefined;
}

/** Everything of a step that is given secrets. */
function callsOf(step: Step | RollbackStep, { tools, verifiers }: Senders['ports']): Call[] {
  const inline = step.preconditions.filter((one) => typeof one !== 'string');
  const checks = [...step.verifiers, ...inline].map(({ kind, config }) => ({
    written: config,
    sends: verifiers.get(kind)?.contract.sends,
  }));
  const tool = step.tool === undefined ? undefined : tools.get(step.tool);
  return [{ written: step.args, sends: tool?.contract.sends }, ...checks];
}
