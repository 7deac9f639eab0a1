import { OpsroomError } from '#kit/errors.js';

interface Changed {
  readonly changedAt: Date;
}

/**
 * What somebody changes is merged with what they read: had another changed it since, that would be undone, and nobody told.
 * @param now as it is under the lock of its row
 * @throws OpsroomError NOT_ALLOWED_NOW
 */
export function requireUnchanged(read: Changed, now: Changed): void {
  if (read.changedAt.getTime() === now.changedAt.getTime()) return;
  const what = 'Somebody else changed it in the same moment.';
  throw new OpsroomError('NOT_ALLOWED_NOW', { what, mend: 'Look at it as it is now, and ask again.' });
}
