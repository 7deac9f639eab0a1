import { chown, mkdir, readdir, rename, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '#kit/remove-tree.js';
import { hasAttempts } from '../ledger/store.js';
import type { Parked, RunRow } from '../records.js';
import type { Sql } from '../sql.js';
import { endedFamilies } from './store.js';

/** So long the folder of a run that has ended is kept: it may be run again from a step, resolved, or rolled back. */
export const WORKSPACE_DAYS = 7;

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A folder that is being removed. Nobody takes it for a workspace any more, even if its removal is cut short. */
const LEAVING = '.leaving';

export const WORKSPACE_LOST: Parked = {
  code: 'WORKSPACE_LOST',
  what: 'The folder in which earlier steps of the run worked is gone: what they left there is missing.',
  mend: 'Put the folder back, then `opsroom resume RUN`; or `opsroom cancel RUN` and submit the plan again.',
};

/**
 * Makes the folder of a run that works in one of its own, and looks for that of any other.
 *
 * @returns why the run cannot go on: the folder that its steps worked in, or are to work in, is gone or cannot be made
 */
export async function prepareWorkspace(sql: Sql, run: RunRow): Promise<Parked | undefined> {
  const { kind, path, owner } = run.workspace;
  if (kind === 'inplace') return run.mode === 'rollback' || (await isFolder(path)) ? undefined : folderGone(path);
  const made = await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: Error) => error);
  if (made instanceof Error) return notMade(made);
  // Only root can, and without root there are no steps of another user.
  if (made !== undefined && owner) await chown(path, owner.uid, owner.gid).catch(() => undefined);
  const firstTake = run.epoch <= 2 && run.parent_id === null;
  if (made === undefined || firstTake || run.mode === 'rollback') return undefined;
  if (!(await hasAttempts(sql, run.org_id, run.id))) return undefined;
  // Empty still; or whoever put something into it meanwhile has brought it back.
  await rmdir(path).catch(() => undefined);
  return WORKSPACE_LOST;
}

/**
 * Removes the folders that no run needs: of runs that ended longer ago than `WORKSPACE_DAYS`, with all that were started
 * again from them in the same folder. The ledger alone decides: no time of a file tells whether a run still waits. What it
 * does not know is left, since another ledger may (`DATABASE_URL` changed, an older backup was restored).
 *
 * @param folder the one in which runs make their own
 */
export async function pruneWorkspaces(sql: Sql, folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((n) => n.endsWith(LEAVING))) await removeTree(join(folder, name));
  const ids = names.filter((name) => RUN_ID.test(name));
  if (ids.length === 0) return;
  const ended = await endedFamilies(sql, ids, WORKSPACE_DAYS);
  for (const id of ids.filter((one) => ended.get(one))) {
    // By one step: whoever takes a run of it at this moment finds the folder whole, or finds none.
    await rename(join(folder, id), join(folder, id + LEAVING));
    await removeTree(join(folder, id + LEAVING));
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const notMade = ({ message }: Error): Parked => ({
  code: 'WORKSPACE_LOST',
  what: `The folder of the run cannot be made: ${message}.`,
  mend: 'Mend that, then `opsroom resume RUN`; or `opsroom cancel RUN`.',
});

const folderGone = (path: string): Parked => ({
  ...WORKSPACE_LOST,
  what: `The folder in which the run works is gone: ${path}.`,
});
