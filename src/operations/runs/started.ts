import { z } from 'zod';

/** What whoever starts a run is told. */
export const startedRun = z.object({ runId: z.string(), planDigest: z.string(), title: z.string(), steps: z.int() });
export type StartedRun = z.infer<typeof startedRun>;
