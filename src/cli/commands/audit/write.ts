import { OpsroomError } from '#kit/errors.js';

/** What it means that a file could not be written. Never returns. */
export const unwritable =
  (file: string) =>
  (cause: NodeJS.ErrnoException): never => {
    throw new OpsroomError(cause.code === 'ENOSPC' ? 'DISK_FULL' : 'USAGE', {
      what: `The file cannot be written: ${cause.code}.`,
      where: file,
      mend: 'Name a file that can be written.',
      cause,
    });
  };
