import { z } from 'zod';
import { sendSignal } from '#execute/control.js';
import type { SignalKind, SignalPayload } from '#execute/records.js';
import { ANSWER_ACTIONS, answerFault } from '#ir/question.js';
import { hasEnded, runStatusSchema, whyNot } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { admitControl } from '../authority/gate.js';
import { requirePerson } from '../mcp/person.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { requireStep } from './logs.js';
import { questionOf } from './question.js';
import { readRun, runReference } from './reference.js';

const reason = z.string().max(2000).default('');
const ofRun = z.strictObject({ run: runReference, reason });
const ofStep = { run: runReference, step: z.string().min(1).describe('STEP, STEP#ITEM or STEP/COMPENSATION.') };

/** The status right after; an owned run obeys a moment later. */
const told = z.object({ runId: z.string(), status: runStatusSchema });

const forRun = (kind: SignalKind, name: string, summary: string) =>
  operation({
    name,
    summary,
    permission: 'run:control',
    changes: true,
    consequential: true,
    input: ofRun,
    output: told,
    run: (input, room) => tell(room, kind, input.run, { reason: input.reason }),
  });

export const cancelRun = forRun(
  'cancel',
  'runs.cancel',
  'End a run now: running steps are stopped; what was done is undone only when the plan says so.',
);
export const pauseRun = forRun('pause', 'runs.pause', 'Let the running steps of a run finish and start no more.');
export const resumeRun = forRun('resume', 'runs.resume', 'Go on with a run that was paused or waits.');
export const rollbackRun = forRun(
  'rollback',
  'runs.rollback',
  'Undo the steps of a run that has ended, in reverse order.',
);

export const confirmStep = operation({
  name: 'runs.confirm',
  summary: 'Say that a manual step is done. It counts on that word, and the proof names who gave it.',
  permission: 'run:control',
  changes: true,
  consequential: true,
  input: z.strictObject({ ...ofStep, reason: z.string().min(1).max(2000), output: z.json().optional() }),
  output: told,
  run: ({ run, step, reason: why, output }, room) =>
    tell(room, 'confirm', run, { reason: why, ...unitOf(step), ...(output === undefined ? {} : { output }) }),
});

export const answerStep = operation({
  name: 'runs.answer',
  summary:
    'Answer what the tool of a step asks: the step is called again with it. Only people do, no key: a tool could ask for anything.',
  permission: 'run:control',
  changes: true,
  consequential: true,
  // What is answered may be guessed from its digest.
  secretInput: true,
  input: z.strictObject({
    ...ofStep,
    question: z.string().min(1).max(100).describe('The digest of the question: no other is answered.'),
    action: z.enum(ANSWER_ACTIONS).default('accept').describe('decline: no. cancel: neither yes nor no.'),
    content: z.record(z.string(), z.json()).optional().describe('What is filled in, by the names of its fields.'),
    reason,
  }),
  output: told,
  run: async ({ run: reference, step, question: digest, action, content, reason: why }, room) => {
    requirePerson(room, 'what a tool asks');
    const run = await readRun(room, reference);
    const unit = unitOf(step);
    const question = await questionOf(room, run.id, unit);
    if (!question && !hasEnded(run.status))
      throw new OpsroomError('NOT_ALLOWED_NOW', { what: 'The step asks nothing.', where: `step ${step}` });
    if (question && question.digest !== digest)
      throw new OpsroomError('NOT_ALLOWED_NOW', {
        what: 'The step asks something else by now.',
        where: `step ${step}`,
      });
    const answer = { action, ...(content === undefined ? {} : { content }) };
    const fault = question && answerFault(question, answer);
    if (fault !== undefined) throw new OpsroomError('USAGE', { what: fault, where: `step ${step}` });
    return tell(room, 'answer', run.id, { reason: why, ...unit, answer, question: digest });
  },
});

export const resolveStep = operation({
  name: 'runs.resolve',
  summary: 'Say how a step ended of which nobody knows how far it came, or settle one that failed.',
  permission: 'run:control',
  changes: true,
  consequential: true,
  input: z.strictObject({
    ...ofStep,
    as: z.enum(['done', 'failed', 'skip', 'retry']),
    reason: z.string().min(1).max(2000),
  }),
  output: told,
  run: async ({ run: reference, step, as, reason: why }, room) => {
    const run = await readRun(room, reference);
    const unit = unitOf(step);
    // To settle it is an answer of sorts: the tool is told nothing, and what it asked is decided.
    if (await questionOf(room, run.id, unit)) requirePerson(room, 'what a tool asks');
    return tell(room, 'resolve', run.id, { reason: why, as, ...unit });
  },
});

function unitOf(unit: string): { step: string; item?: number } {
  const [step = '', item] = unit.split('#');
  return item !== undefined && /^\d{1,9}$/.test(item) ? { step, item: Number(item) } : { step: unit };
}

/** Whoever answers a step wants to know what became of it, and not that all is done again. */
function alreadyEnded(id: string, what: string, kind: SignalKind): OpsroomError {
  const mend = { mend: `Nothing waits for an answer any more. See what became of it: \`opsroom show ${id}\`.` };
  return new OpsroomError('ALREADY_ENDED', { what, where: `run ${id}`, ...(OF_STEPS.has(kind) ? mend : {}) });
}

const OF_STEPS: ReadonlySet<SignalKind> = new Set<SignalKind>(['confirm', 'answer', 'resolve']);

/** @throws OpsroomError NOT_FOUND, ALREADY_ENDED, NOT_ALLOWED_NOW */
async function tell(room: Room, kind: SignalKind, reference: string, payload: SignalPayload) {
  const run = await readRun(room, reference);
  const why = whyNot(kind, run.status);
  if (why && hasEnded(run.status)) throw alreadyEnded(run.id, why, kind);
  if (payload.step !== undefined) requireStep(run.plan.steps, payload.step);
  const { plan, plan_digest: planDigest, inputs, title, target, lane } = run;
  await admitControl(room, { plan, planDigest, inputs, title, target, queue: { lane } }, kind);
  const signal = { org: room.org, run: run.id, kind, payload, by: room.by };
  return { runId: run.id, status: await sendSignal(room.database, room.ports, signal) };
}
