import { z } from 'zod';
import { operation } from '../operation.js';
import { readSource } from '../plans/source-store.js';
import { readRun, runReference } from './reference.js';

export const runPlan = operation({
  name: 'runs.plan',
  summary: 'The plan that a run executes, and the text that it was compiled from where that is known.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ run: runReference }),
  output: z.object({
    runId: z.string(),
    planDigest: z.string(),
    /** With all that may be left out filled in. */
    plan: z.json(),
    source: z
      .object({
        file: z.string(),
        text: z.string(),
        places: z.array(z.object({ step: z.string(), from: z.int(), to: z.int(), label: z.string().nullable() })),
      })
      .nullable(),
  }),
  run: async ({ run: reference }, room) => {
    const { id, plan, plan_digest: planDigest } = await readRun(room, reference);
    const source = await room.database.door(room.org, (tx) => readSource(tx, room.org, planDigest));
    const shown = source && { ...source, places: source.places.map((place) => ({ ...place })) };
    return { runId: id, planDigest, plan: JSON.parse(JSON.stringify(plan)), source: shown ?? null };
  },
});
