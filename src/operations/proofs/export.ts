import { z } from 'zod';
import { exportBundle } from '#record/seal.js';
import { bundleSchema } from '#record/statement.js';
import { operation } from '../operation.js';
import { resolveRun, runReference } from '../runs/reference.js';

export const exportProofs = operation({
  name: 'proofs.export',
  summary: 'The sealed proof bundle of a run that has ended, as a file that verifies anywhere without a server.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ run: runReference }),
  output: z.object({ runId: z.string(), bundle: bundleSchema }),
  run: async ({ run: reference }, room) => {
    const runId = await resolveRun(room, reference);
    const deps = { key: room.key, now: () => room.ports.clock.now() };
    const bundle = await room.database.door(room.org, (tx) => exportBundle(tx, room.org, runId, deps));
    return { runId, bundle };
  },
});
