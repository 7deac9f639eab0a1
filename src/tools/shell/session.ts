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

const NOT_KEPT = 'opsroom: what this script set is not carried on: it ended by exec, or by an EXIT trap of its own.\n';

const secretNote = (names: readonly string[]): string =>
  `opsroom: ${names.join(', ')} holds a secret and is not carried on: hand the secret to each step that needs it.\n`;

/**
 * Prepares what the shell reads at its start. Nothing to do for a script without a session.
 * @throws OpsroomError ISOLATION_UNAVAILABLE; see `sessionStart`
 */
export async function joinSession(args: ShellArgs, context: CallContext, scratch: Scratch): Promise<Joined> {
  if (args.session === undefined) return { env: {}, keep: () => Promise.resolve() };
  const { runFolder, isolation } = context;
  const spec: SessionSpec = { runFolder, place: args.session, isolation, given: new Set(Object.keys(args.env)) };
  const start = join(scratch.given, 'session.bash');
  const dump = join(scratch.folder, 'session');
  writeFileSync(start, await sessionStart(spec, args.run ?? ''), { mode: 0o600, flag: 'wx' });
  if (isolation.level === 'uid') chownSync(start, STEP_USER.uid, STEP_USER.gid);
  const keep = async () => {
    if (spec.place.after) return;
    const secret = await keepSession(spec, dump, (text) => context.holdsSecret(text));
    if (secret === undefined) context.log('err', Buffer.from(NOT_KEPT));
    else if (secret.length > 0) context.log('err', Buffer.from(secretNote(secret)));
  };
  return { env: { BASH_ENV: start, OPSROOM_SESSION: dump }, keep };
}
