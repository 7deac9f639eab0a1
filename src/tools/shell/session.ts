import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallContext } from '#ir/calls.js';
import { STEP_USER } from '#sandbox/isolation.js';
import { keepSession, type SessionSpec, sessionStart } from '#sandbox/session.js';
import type { ShellArgs } from './args.js';
import type { Scratch } from './scratch.js';

/** A script's part in a session. */
export interface Joined {
  /** To be added to the script's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Keeps what the shell has become, for the next script. Call it when the script has succeeded. */
  keep(): Promise<void>;
}

const NOT_KEPT =
  'opsroom: what this script set is not carried on: it ended by exec, or with an EXIT trap of its own.\n';

/**
 * Prepares what the shell reads at its start. Nothing to do for a script without a session.
 * @throws OpsroomError ISOLATION_UNAVAILABLE; see `sessionStart`
 */
export async function joinSession(args: ShellArgs, context: CallContext, scratch: Scratch): Promise<Joined> {
  if (args.session === undefined) return { env: {}, keep: () => Promise.resolve() };
  const { level } = context.isolation;
  const spec: SessionSpec = { runFolder: context.runFolder, place: args.session, level };
  const start = join(scratch.given, 'session.bash');
  const dump = join(scratch.folder, 'session');
  writeFileSync(start, await sessionStart(spec), { mode: 0o600, flag: 'wx' });
  if (level === 'uid') chownSync(start, STEP_USER.uid, STEP_USER.gid);
  const keep = async () => {
    if (spec.place.after) return;
    const kept = await keepSession(spec, dump, new Set(Object.keys(args.env)));
    if (!kept) context.log('err', Buffer.from(NOT_KEPT));
  };
  return { env: { BASH_ENV: start, OPSROOM_SESSION: dump }, keep };
}
