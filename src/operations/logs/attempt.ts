import { z } from 'zod';
import { chunksAfter } from '#execute/logs/store.js';
import type { AttemptId } from '#ir/calls.js';
import type { Room } from '../room.js';
import { requireStep } from '../runs/logs.js';
import { readRun, runReference } from '../runs/reference.js';

/** How a request names one attempt. */
export const ofAttempt = {
  run: runReference,
  step: z.string().min(1).max(201),
  item: z.int().min(-1).default(-1),
  revision: z.int().min(0).default(0),
  attempt: z.int().min(1),
};

export interface AskedAttempt {
  readonly run: string;
  readonly step: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
}

/** @throws OpsroomError NOT_FOUND for a run or a step that there is not; an attempt that never wrote has an empty log */
export async function attemptAsked(room: Room, asked: AskedAttempt): Promise<AttemptId> {
  const { id, plan } = await readRun(room, asked.run);
  requireStep(plan.steps, asked.step);
  const { step: stepId, item, revision, attempt } = asked;
  return { org: room.org, runId: id, stepId, item, revision, attempt };
}

/** How many chunks are in memory at once: at most 4 MiB of text. */
export const CHUNKS_AT_ONCE = 16;

/** The stored chunks of a log, a few at a time, each look in a transaction of its own. */
export async function* chunkPages(room: Room, id: AttemptId, fromLine = 1) {
  for (let seq = -1; ; ) {
    const after = { seq, fromLine, limit: CHUNKS_AT_ONCE };
    const chunks = await room.database.door(room.org, (tx) => chunksAfter(tx, id, after));
    yield chunks;
    const last = chunks.at(-1);
    if (last === undefined || chunks.length < CHUNKS_AT_ONCE) return;
    seq = last.seq;
  }
}
