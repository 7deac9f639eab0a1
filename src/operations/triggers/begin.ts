import type { Permission } from '#identity/permissions.js';
import { CATALOGUE, OpsroomError } from '#kit/errors.js';
import type { Outcome, StartRequest } from '#trigger/request.js';
import { invoke } from '../invoke.js';
import type { Room } from '../room.js';
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
    const { runId } = await invoke(startRun, await startInput(itsRoom, request), itsRoom);
    return { state: 'started', runId };
  } catch (error) {
    if (!(error instanceof OpsroomError) || mayPass(error)) throw error;
    return { state: 'refused', code: error.code, reason: error.message };
  }
}

async function startInput(room: Room, { job, inputs, once }: StartRequest) {
  const { lane, session, folder } = job;
  return {
    plan: await planOf(room, job),
    inputs,
    ...(lane === null ? {} : { lane }),
    ...(session === null ? {} : { session }),
    ...(folder === null ? {} : { folder }),
    idempotencyKey: once,
  };
}

/** The database is away, the disk is full: that is nobody's refusal. */
function mayPass({ code }: OpsroomError): boolean {
  return CATALOGUE[code].http >= 500;
}
