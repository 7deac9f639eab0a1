import { lstat } from 'node:fs/promises';
import { OpsroomError } from '#kit/errors.js';

export const FORCE_OPTION = ['--force', 'replace a file of that name'] as const;

/**
 * What was kept under a name may be the only copy: it is replaced only by whoever says so. Devices and pipes are no such thing.
 * @throws OpsroomError USAGE
 */
export async function refuseExisting(file: string, { force = false }: { readonly force?: boolean }): Promise<void> {
  if (force) return;
  const found = await lstat(file).catch(() => undefined);
  if (!found?.isFile()) return;
  throw new OpsroomError('USAGE', {
    what: 'There is a file of that name already.',
    where: file,
    mend: 'Name another one, or say --force to replace it.',
  });
}

/** What it means that a file could not be written; what the system did not refuse stays as it is. Never returns. */
export const unwritable =
  (file: string) =>
  (cause: NodeJS.ErrnoException): never => {
    if (cause instanceof OpsroomError || cause.code === undefined) throw cause;
    throw new OpsroomError(cause.code === 'ENOSPC' ? 'DISK_FULL' : 'USAGE', {
      what: `The file cannot be written: ${cause.code}.`,
      where: file,
      mend: 'Name a file that can be written.',
      cause,
    });
  };
