import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import type { IsolationLevel } from './isolation.js';
import {
  nameOf,
  readShellState,
  restoreScript,
  type ShellState,
  saveAtEnd,
  shellStateSchema,
} from './session-script.js';
import { readStepFile } from './step-file.js';

/** Scripts of one session behave as if typed into one shell: each begins where the last one before it ended. */
export const sessionSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and "-", at most 32'),
  /** Place in the session's order. A script takes over from the finished one with the largest smaller order. */
  order: z.int().min(0).max(99_999),
  /** Of a check or a compensation: it takes over what the step of the same order left, and leaves nothing itself. */
  after: z.boolean().default(false),
  /** Names of its own `env` that it sets itself: what they have become is for those after it, which are not handed them. */
  keeps: z.array(z.string()).optional(),
  /** It takes over all but the folder: it begins in that of the step itself, where the session's first script began. */
  folder: z.literal('start').optional(),
});
export type SessionPlace = z.output<typeof sessionSchema>;

export interface SessionSpec {
  /** The folder of the run, in which sessions are kept; out of the steps' sight. Absolute; need not exist. */
  readonly runFolder: string;
  readonly place: SessionPlace;
  readonly isolation: { readonly level: IsolationLevel; readonly network: boolean };
  /** Names of the script's own `env`: they are handed to each script anew, and neither kept nor restored. */
  readonly given: ReadonlySet<string>;
}

/** What lies in the file of one script. */
const snapshotSchema = z.strictObject({
  level: z.string(),
  network: z.boolean(),
  state: shellStateSchema,
});

/** Larger ones are refused: a session carries settings, not data. */
const MOST_BYTES = 4 * 1024 * 1024;
const WHAT = 'The state of the shell';
const FILE = /^(\d{5})\.json$/;

/**
 * What bash is to read at its start (`BASH_ENV`) to go on where the session stands.
 * Unless the place says `after`, the script's end is written to the file that `$OPSROOM_SESSION` names, for `keepSession`.
 *
 * @param script its text: what it says of traps tells how its state can be saved
 * @throws OpsroomError ISOLATION_UNAVAILABLE when the state comes from a step that was isolated otherwise: a sandboxed step
 *   must not write what a freer one runs
 */
export async function sessionStart(spec: SessionSpec, script: string): Promise<string> {
  const folder = folderOf(spec);
  const { order, after, folder: at } = spec.place;
  const bound = after ? order : order - 1;
  const known = (await readdir(folder).catch(() => [])).map((file) => Number(FILE.exec(file)?.[1] ?? Number.NaN));
  const latest = Math.max(...known.filter((place) => place <= bound));
  const state = Number.isFinite(latest) ? await readSnapshot(join(folder, fileName(latest)), spec) : undefined;
  const head = after ? 'unset BASH_ENV\n' : saveAtEnd(`${script}\n${state?.functions ?? ''}`);
  return head + (state ? restoreScript(state, { given: spec.given, goes: at !== 'start' }) : '');
}

async function readSnapshot(path: string, { isolation }: SessionSpec): Promise<ShellState> {
  const { level, network, state } = snapshotSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  if (level === isolation.level && network === isolation.network) return state;
  throw new OpsroomError('ISOLATION_UNAVAILABLE', {
    what: `The session was left by a step at isolation ${wordsFor({ level, network })}; this step has ${wordsFor(isolation)}.`,
    mend: 'Give all steps of a session the same `sandbox`.',
  });
}

function wordsFor({ level, network }: { level: string; network: boolean }): string {
  return `level "${level}" ${network ? 'with' : 'without'} a network`;
}

/**
 * Keeps what a script's shell had become, but for what holds a secret.
 *
 * @param dump the file that `$OPSROOM_SESSION` named
 * @returns the names of the variables that were left out because they hold a secret; undefined when the script left no
 *   state: it ended by `exec`, or by an EXIT trap of its own (see `saveAtEnd`)
 * @throws OpsroomError OUTPUT_REFUSED when there is no plain file of a bearable size, whole, or when the folder or a function holds
 *   a secret
 */
export async function keepSession(
  spec: SessionSpec,
  dump: string,
  holdsSecret: (text: string) => boolean,
): Promise<string[] | undefined> {
  const text = await readStepFile(dump, WHAT, MOST_BYTES);
  if (text === undefined) return undefined;
  const state = readShellState(text);
  // What comes next would go on in a folder of before.
  if (state === undefined) throw new OpsroomError('OUTPUT_REFUSED', { what: `${WHAT} was not written to its end.` });
  if (holdsSecret(state.folder) || holdsSecret(state.functions)) {
    throw new OpsroomError('OUTPUT_REFUSED', { what: 'The folder or a function of the shell holds a secret.' });
  }
  const { keeps = [] } = spec.place;
  const isGiven = (name: string) => spec.given.has(name) && !keeps.includes(name);
  const own = state.variables.filter((statement) => !isGiven(nameOf(statement)));
  const secret = own.filter(holdsSecret);
  const variables = own.filter((statement) => !secret.includes(statement));
  const folder = folderOf(spec);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, fileName(spec.place.order));
  await writeFile(`${path}.new`, JSON.stringify({ ...spec.isolation, state: { ...state, variables } }), {
    mode: 0o600,
  });
  await rename(`${path}.new`, path);
  return secret.map(nameOf);
}

/** Gives a run the sessions of the one that it goes on from. */
export async function forkSessions(
  from: string,
  to: string,
  keep: (place: Pick<SessionPlace, 'name' | 'order'>) => boolean,
): Promise<void> {
  const root = join(from, 'sessions');
  for (const name of await readdir(root).catch(() => [])) {
    for (const file of await readdir(join(root, name))) {
      const order = Number(FILE.exec(file)?.[1] ?? Number.NaN);
      if (!Number.isFinite(order) || !keep({ name, order })) continue;
      const target = join(to, 'sessions', name);
      await mkdir(target, { recursive: true, mode: 0o700 });
      await cp(join(root, name, file), join(target, file));
    }
  }
}

const folderOf = ({ runFolder, place }: SessionSpec): string => join(runFolder, 'sessions', place.name);
const fileName = (order: number): string => `${String(order).padStart(5, '0')}.json`;
