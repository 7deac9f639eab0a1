import type { IntentSource } from '#authorise/intents/records.js';
import type { Permission } from '#identity/permissions.js';
import { mayPass, OpsroomError } from '#kit/errors.js';
import type { Outcome, StartRequest } from '#trigger/request.js';
import { proposedBefore, proposedOnce } from '../intents/once.js';
import { propose } from '../intents/propose.js';
import { authorise, invoke } from '../invoke.js';
import type { PlanGiven } from '../plans/input.js';
import type { Room } from '../room.js';
import { startedUnder } from '../runs/once.js';
import { prepareGiven } from '../runs/prepare.js';
import { startRun } from '../runs/start.js';
import { planOf } from './job.js';
import { principalOf } from './maker.js';

/** What a trigger may do of itself; what it starts is decided by policy, as for everybody. */
const PERMISSIONS: ReadonlySet<Permission> = new Set(['run:read', 'run:start', 'run:control', 'intent:propose']);

/**
 * The room on behalf of a trigger.
 * @throws OpsroomError DENIED when who made it may start nothing any more
 */
export async function roomOfTrigger(room: Room, request: StartRequest): Promise<Room> {
  const principal = await principalOf(room, request);
  const { person: _nobody, ...base } = room;
  return {
    ...base,
    org: request.org,
    by: request.by,
    principal,
    origin: { door: 'room' },
    permissions: PERMISSIONS,
    host: request.job.host,
  };
}

/**
 * Starts what a trigger asks for through the gate that everybody goes through. What cannot be started is refused with the reason;
 * rejects only for what may go better in a moment.
 *
 * @param asker on whose behalf, when somebody asks for it now; otherwise on the trigger's own
 */
export async function begin(room: Room, request: StartRequest, asker?: Room): Promise<Outcome> {
  try {
    const itsRoom = asker ? { ...asker, host: request.job.host } : await roomOfTrigger(room, request);
    return await startOrAsk(itsRoom, request);
  } catch (error) {
    if (!(error instanceof OpsroomError) || mayPass(error)) throw error;
    return { state: 'refused', code: error.code, reason: error.message };
  }
}

/** Starts it; where policy wants an approval, asks for that. */
async function startOrAsk(room: Room, request: StartRequest): Promise<Outcome> {
  // First, and whatever its file holds by now: it may have been begun before, by a process that could not say so any more.
  const before = await startedUnder(room, request.once);
  if (before) return { state: 'started', runId: before.runId };
  const intentId = await proposedBefore(room, request.once);
  if (intentId !== undefined) return { state: 'asked', intentId };
  const plan = await planOf(room, request.job);
  try {
    const { runId } = await invoke(startRun, { plan, ...startMembers(request), idempotencyKey: request.once }, room);
    return { state: 'started', runId };
  } catch (error) {
    if (!(error instanceof OpsroomError) || error.code !== 'APPROVAL_NEEDED') throw error;
    return { state: 'asked', intentId: await ask(room, request, plan) };
  }
}

function startMembers({ job: { lane, session, folder }, inputs }: StartRequest) {
  return {
    inputs,
    ...(lane === null ? {} : { lane }),
    ...(session === null ? {} : { session }),
    ...(folder === null ? {} : { folder }),
  };
}

/** The id of the intent that waits for those who must agree. */
async function ask(room: Room, request: StartRequest, given: PlanGiven): Promise<string> {
  const { job, inputs, by, once } = request;
  authorise({ name: 'intents.create', permission: 'intent:propose' }, room);
  const { inputs: _given, ...queue } = startMembers(request);
  const source: IntentSource | undefined = 'file' in job.plan ? { kind: 'file', ...job.plan } : undefined;
  const prepared = await prepareGiven({ given, inputs, queue, seen: false, ...(source ? { source } : {}) }, room);
  const wording = { intent: undefined, reason: `${by} asks for it.`, claimed: { once } };
  // Only the time or the event counts: the file that it follows may have changed since.
  return proposedOnce(room, once, {}, (chosen) => propose(room, prepared, wording, chosen));
}
