import { OpsroomError } from '#kit/errors.js';
import { openTree, type Read } from '#record/audit-tree.js';
import type { Leaves } from '#record/subtrees.js';
import type { Room } from '../room.js';

/**
 * The organisation's audit tree, as a door may read it.
 * @throws OpsroomError NOT_FOUND while there is no entry
 */
export async function auditTree({ database, org }: Room): Promise<Leaves> {
  const read: Read = (look) => database.door(org, look);
  const tree = await openTree(read, org);
  if (tree.size > 0) return tree;
  throw new OpsroomError('NOT_FOUND', { what: 'The audit log is empty.', mend: 'Whatever is done first is in it.' });
}
