import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { resolveInputs } from '#compile/inputs.js';
import { loadPlan } from '#execute/ledger/store.js';
import { keepPlan } from '#execute/runs/plan-store.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { LANES, type Lane, type Plan } from '#ir/plan.js';
import { namedTemplate } from '#ir/template.js';
import { OpsroomError } from '#kit/errors.js';
import { beginsOn, type Job, type TriggerPlan } from '#trigger/request.js';
import { readNamed } from '../intents/named-plan.js';
import { unseenProblem } from '../plans/gate.js';
import { compileGiven, folderOf, type PlanGiven, planInput } from '../plans/input.js';
import { sourceOf } from '../plans/source.js';
import { keepSource } from '../plans/source-store.js';
import type { Room } from '../room.js';
import { planAsked } from '../templates/find.js';

/** Which plan a trigger starts, as doors take it. */
export const triggerPlan = z
  .union([
    z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/, 'give the digest of a plan: 64 hexadecimal digits') }),
    z.strictObject({
      /** By its path below the project folder: what the file holds when the time comes. */
      follow: z.string().min(1).max(300),
      /** Of a runbook: the anchor of the section that is meant. */
      section: z.string().max(200).optional(),
    }),
    ...planInput.options,
  ])
  .describe('A plan: by its digest, by a file that is read each time, or given here, and then always the same.');
type TriggerPlanGiven = z.output<typeof triggerPlan>;

export const jobInput = {
  plan: triggerPlan,
  lane: z.enum(LANES).nullable().default(null),
  session: z.string().min(1).max(120).nullable().default(null).describe('The session of its runs, by name.'),
  folder: z
    .string()
    .max(1000)
    .refine((path) => isAbsolute(path), 'give an absolute path')
    .nullable()
    .default(null)
    .describe('Where an `inplace` plan works; without it, the folder of the plan’s file.'),
};

/** What a trigger shows of its job. */
export const jobView = {
  plan: z.union([z.object({ digest: z.string() }), z.object({ file: z.string(), section: z.string().optional() })]),
  /** Of the plan; what is filled in when it starts stands there by its name: `Deploy ‹ref›`. */
  title: z.string(),
  lane: z.enum(LANES).nullable(),
  session: z.string().nullable(),
  host: z.string(),
  folder: z.string().nullable(),
};

export function shownJob({ plan, planTitle, lane, session, host, folder }: Job) {
  return { plan, title: namedTemplate(planTitle), lane, session, host, folder };
}

/** What the audit log calls a plan: its digest, or its file. */
export function planWords(plan: TriggerPlan): string {
  if ('digest' in plan) return plan.digest;
  return plan.section === undefined ? plan.file : `${plan.file}#${plan.section}`;
}

export interface ReadyJob {
  readonly job: Job;
  /** What it starts as things are now. */
  readonly plan: Plan;
}

/**
 * Reads and compiles what a trigger is to start, and keeps a plan that was given.
 * @throws PlanProblems; OpsroomError PLAN_*, RUNBOOK_*, NOT_FOUND
 */
export async function makeJob(
  room: Room,
  given: { plan: TriggerPlanGiven; lane: Lane | null; session: string | null; folder: string | null },
): Promise<ReadyJob> {
  const { plan, reference, folder } = await takePlan(room, given.plan);
  const { lane, session } = given;
  const job = {
    plan: reference,
    planTitle: plan.title,
    lane,
    session,
    host: room.host,
    folder: given.folder ?? folder,
  };
  return { job, plan };
}

/** What of a job somebody wants otherwise. */
interface JobChanges {
  readonly plan?: TriggerPlanGiven | undefined;
  readonly lane?: Lane | null | undefined;
  readonly session?: string | null | undefined;
  readonly folder?: string | null | undefined;
  readonly inputs?: object | undefined;
}

/**
 * A job as it is to be from now on; what is left out stays. Without `plan` where that is a file of another machine.
 * @throws as `makeJob`; OpsroomError NOT_ALLOWED_NOW for inputs that only another machine can hold against its file
 */
export async function changedJob(
  room: Room,
  before: Job,
  given: JobChanges,
): Promise<Pick<ReadyJob, 'job'> & Partial<ReadyJob>> {
  const { lane = before.lane, session = before.session, folder = before.folder } = given;
  if (given.plan) return makeJob(room, { plan: given.plan, lane, session, folder: given.folder ?? null });
  const { plan: reference, planTitle, host } = before;
  const job = { plan: reference, planTitle, lane, session, host, folder };
  if (given.inputs) requireHere(room, before);
  if (!beginsOn(room.host, before)) return { job };
  const { plan } = await compileGiven(await planOf(room, before), room.contracts);
  return { job, plan };
}

/** @throws OpsroomError NOT_ALLOWED_NOW for a job that follows a file of another machine */
export function requireHere({ host }: Pick<Room, 'host'>, job: Job): void {
  if (beginsOn(host, job)) return;
  const what = `The plan that it follows is a file on the machine "${job.host}".`;
  throw new OpsroomError('NOT_ALLOWED_NOW', { what, mend: 'Ask there, or give it another plan.' });
}

/** @throws OpsroomError INPUT_INVALID that names the input */
export function requireInputs(plan: Plan, inputs: JsonObject): void {
  resolveInputs(plan, inputs);
}

interface TakenPlan {
  readonly plan: Plan;
  readonly reference: TriggerPlan;
  readonly folder: string | null;
}

async function takePlan(room: Room, given: TriggerPlanGiven): Promise<TakenPlan> {
  if ('digest' in given) {
    const plan = await storedPlan(room, given.digest);
    return { plan, reference: given, folder: null };
  }
  if ('follow' in given) {
    const { plan, source } = await readFollowed(room, { file: given.follow, section: given.section });
    const { file, section } = source;
    const reference = { file, ...(section === undefined ? {} : { section }) };
    return { plan, reference, folder: null };
  }
  return pinPlan(room, await planAsked(given, room.project));
}

/** Keeps a plan that was given, so that its digest is enough from now on. */
async function pinPlan(room: Room, given: PlanGiven): Promise<TakenPlan> {
  const compiled = await compileGiven(given, room.contracts);
  const unseen = unseenProblem(compiled, given);
  if (unseen) throw unseen;
  const { plan, digest } = compiled;
  await keepPlan(room.database.engine, room.org, digest, plan);
  const source = sourceOf(compiled, given);
  if (source) await room.database.door(room.org, (tx) => keepSource(tx, room.org, digest, source));
  return { plan, reference: { digest }, folder: folderOf(given) ?? null };
}

async function storedPlan(room: Room, digest: string): Promise<Plan> {
  const plan = await room.database.door(room.org, (tx) => loadPlan(tx, room.org, digest));
  if (plan) return plan;
  const mend = 'Give the digest of a plan that has run, or the plan itself.';
  throw new OpsroomError('NOT_FOUND', { what: 'No plan of this digest is known.', where: digest, mend });
}

/**
 * A plan or runbook below the project folder as it is now, with the lock that lies beside it.
 * @throws PlanProblems; OpsroomError NOT_FOUND, USAGE, PLAN_*, RUNBOOK_*
 */
async function readFollowed(room: Room, { file, section }: { file: string; section?: string | undefined }) {
  const found = await readNamed(room.project, { name: file, section });
  // A template is no file that changes with the project.
  if (found?.source.kind !== 'file') {
    const mend = 'Name a plan or a runbook by its path there, such as ops/backup.md.';
    throw new OpsroomError('NOT_FOUND', { what: 'There is no such file below the project folder.', where: file, mend });
  }
  const { given } = found;
  const { plan } = await compileGiven(given, room.contracts);
  return { given, plan, source: found.source };
}

/**
 * The plan that a job starts, as `runs.start` takes it.
 * @throws as `makeJob`; OpsroomError PLAN_INVALID when a stored plan means another in this version
 */
export async function planOf(room: Room, { plan: reference }: Job): Promise<PlanGiven> {
  if ('file' in reference) return (await readFollowed(room, reference)).given;
  const value = (await storedPlan(room, reference.digest)) as unknown as JsonValue;
  const { digest } = await compileGiven({ value }, room.contracts);
  if (digest === reference.digest) return { value };
  const what = 'This version reads the stored plan otherwise than the one that stored it.';
  throw new OpsroomError('PLAN_INVALID', { what, where: reference.digest, mend: 'Give the plan anew.' });
}
