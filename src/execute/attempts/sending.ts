import type { CallContext, Sending } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { isChosenElsewhere, secretNames } from '#ir/sending.js';
import { OpsroomError } from '#kit/errors.js';
import type { RunSecrets } from '../ports.js';

/** What a tool or a verifier is about to be given. */
interface Given {
  /** As the plan writes it. */
  readonly written: JsonObject;
  readonly rendered: JsonObject;
  readonly sends: Sending | undefined;
}

/**
 * The context of a call, once its secrets may go where it sends them.
 * @throws OpsroomError SECRET_DESTINATION; what `sends.to` throws
 */
export async function admitted(
  { written, rendered, sends }: Given,
  context: CallContext,
  secrets: Pick<RunSecrets, 'admit' | 'isBound'> | undefined,
): Promise<CallContext> {
  const names = secrets === undefined ? new Set<string>() : secretNames(written);
  if (secrets === undefined || names.size === 0) return context;
  const mayReach: CallContext['mayReach'] = (to) => secrets.admit(context.id, names, to);
  const free = freeSecret({ written, sends }, secrets);
  if (free !== undefined) throw chosenElsewhere(free, `step ${context.id.stepId}`);
  for (const to of sends?.to(rendered) ?? []) await mayReach(to);
  return { ...context, mayReach };
}

/** A secret that may go anywhere, in a call of which others choose where it goes; undefined: there is none. */
export function freeSecret(
  { written, sends }: Pick<Given, 'written' | 'sends'>,
  secrets: Pick<RunSecrets, 'isBound'>,
): string | undefined {
  if (sends === undefined || !isChosenElsewhere(written, sends.from)) return undefined;
  return [...secretNames(written)].find((name) => !secrets.isBound(name));
}

export function chosenElsewhere(name: string, where: string): OpsroomError {
  return new OpsroomError('SECRET_DESTINATION', {
    what: `Whoever gives the inputs chooses where the secret ${name} goes, and it may go anywhere.`,
    where,
    mend: `Say where it may go: \`opsroom secrets bind ${name} --hosts HOST[:PORT]\`; or write the host into the plan.`,
  });
}
