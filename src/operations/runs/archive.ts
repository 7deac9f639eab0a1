import { z } from 'zod';
import { bulkEffect } from '#ir/bulk.js';
import { OpsroomError } from '#kit/errors.js';
import { appendAudit } from '#record/audit-store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { setArchived } from './archive-store.js';
import { runsByIds } from './list-store.js';
import { resolveRun, runReference } from './reference.js';

const input = z.strictObject({ run: runReference, reason: z.string().max(2000).default('') });
const output = z.object({ runId: z.string(), archived: z.boolean() });

export const archiveRun = operation({
  name: 'runs.archive',
  summary: 'Take a run that has ended out of the lists. Its records and proofs stay.',
  permission: 'run:control',
  changes: true,
  consequential: false,
  input,
  output,
  run: ({ run, reason }, room) => change(room, run, 'archive', reason),
});

export const unarchiveRun = operation({
  name: 'runs.unarchive',
  summary: 'Put an archived run back into the lists.',
  permission: 'run:control',
  changes: true,
  consequential: false,
  input,
  output,
  run: ({ run, reason }, room) => change(room, run, 'unarchive', reason),
});

/** @throws OpsroomError NOT_FOUND, NOT_ALLOWED_NOW */
async function change(room: Room, reference: string, action: 'archive' | 'unarchive', reason: string) {
  const id = await resolveRun(room, reference);
  const [run] = await room.database.door(room.org, (tx) => runsByIds(tx, room.org, [id]));
  const effect = run && bulkEffect(action, run);
  if (effect?.applies === false) throw new OpsroomError('NOT_ALLOWED_NOW', { what: effect.what, where: `run ${id}` });
  await archive(room, id, action, { reason });
  return { runId: id, archived: action === 'archive' };
}

/**
 * Archives a run or takes it back, with its entry in the audit log.
 * @param note what the entry says beside the run
 * @throws OpsroomError NOT_ALLOWED_NOW when it was taken up again meanwhile
 */
export function archive(
  room: Room,
  run: string,
  action: 'archive' | 'unarchive',
  note: { readonly reason: string; readonly bulk?: string },
): Promise<void> {
  return room.database.engineTx(async (tx) => {
    if (!(await setArchived(tx, room.org, run, action === 'archive' ? room.by : null)))
      throw new OpsroomError('NOT_ALLOWED_NOW', { what: 'The run has not ended.', where: `run ${run}` });
    const at = room.ports.clock.now().toISOString();
    await appendAudit(tx, room.org, [{ at, kind: `run.${action}d`, actor: room.by, data: { run, ...note } }]);
  });
}
