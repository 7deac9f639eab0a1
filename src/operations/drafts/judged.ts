import type { Decision } from '#authorise/decision.js';
import type { Compiled } from '#compile/compile.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { askerOf } from '../authority/asker.js';
import { decideRun, wants } from '../authority/gate.js';
import type { Room } from '../room.js';
import { renderedNames } from '../runs/prepare.js';

export interface Judged {
  readonly effect: Decision['effect'];
  /** Why not, or who must agree; null: nobody needs to. */
  readonly reason: string | null;
}

/**
 * What policy would say if whoever asks ran the plan as it stands, so that a draft that cannot run says so at once.
 * @param inputs those that are known by now; what is asked of a person may change the answer
 */
export async function judgedDraft(room: Room, { plan, digest, needs }: Compiled, inputs: JsonObject): Promise<Judged> {
  const named = namesOf(plan, inputs);
  const asked = { plan, planDigest: digest, inputs, ...named, queue: {}, secrets: needs.secrets };
  const decision = await decideRun(room, asked, await askerOf(room, digest));
  if (decision.effect === 'deny') return { effect: decision.effect, reason: decision.reason };
  return { effect: decision.effect, reason: decision.effect === 'allow' ? null : `${wants(decision.rules)}.` };
}

/** Where an input is not known yet, what names it stays as it is written. */
function namesOf(plan: Compiled['plan'], inputs: JsonObject): ReturnType<typeof renderedNames> {
  try {
    return renderedNames(plan, inputs);
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    return { title: plan.title, target: (plan.target ?? {}) as JsonObject };
  }
}
