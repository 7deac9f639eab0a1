import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { makeOpenFolder } from '#db/place.js';
import type { WorkspaceRef } from '#execute/records.js';
import { render, type Scope } from '#ir/expressions.js';
import type { JsonObject } from '#ir/json.js';
import type { IsolationLevel, Plan } from '#ir/plan.js';
import { hasTemplate } from '#ir/template.js';
import { OpsroomError } from '#kit/errors.js';
import { STEP_USER } from '#sandbox/isolation.js';
import { isWithin } from '#sandbox/paths.js';

type Grounded = Pick<Plan, 'workspace' | 'steps'>;

/** What decides where a plan works. */
export interface Ground {
  /** The data directory. */
  readonly home: string;
  /** What `{{ env.NAME }}` may read. */
  readonly planEnv: Readonly<Record<string, string>>;
  readonly inputs: JsonObject;
  /** Absolute; the folder of the plan's file, or the one that was asked for. */
  readonly folder: string | undefined;
}

/**
 * Where the plan works: a fresh folder under the data directory, or a folder of the user's that is there already.
 * @throws OpsroomError USAGE when there is none; INPUT_INVALID when an input leads out of the folder that the plan names
 */
export async function workspaceOf(plan: Grounded, ground: Ground): Promise<WorkspaceRef> {
  const { workspace } = plan;
  const { home, folder } = ground;
  const temp = workspace?.kind === 'temp' || (workspace === undefined && folder === undefined);
  if (temp) return tempOf(plan, home);
  const path = inplacePath(workspace?.path ?? '.', ground);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { kind: 'inplace', path };
  throw new OpsroomError('USAGE', {
    what: 'The workspace of the plan is not a folder.',
    where: path,
    mend: 'Make the folder, or correct `workspace.path`.',
  });
}

/**
 * Where a run works that is started again with other inputs.
 * @throws OpsroomError USAGE when the inputs lead elsewhere, relative to a folder that only whoever starts the plan knows
 */
export async function movedWorkspace(
  plan: Grounded,
  parent: { readonly workspace: WorkspaceRef; readonly inputs: JsonObject },
  ground: Omit<Ground, 'folder'>,
): Promise<WorkspaceRef> {
  if (parent.workspace.kind === 'temp') return workspaceOf(plan, { ...ground, folder: undefined });
  const written = plan.workspace?.path ?? '.';
  const [before, now] = [parent, ground].map(({ inputs }) => rendered(written, { inputs, env: ground.planEnv }));
  if (before === now) return parent.workspace;
  if (now?.startsWith('/')) return workspaceOf(plan, { ...ground, folder: '/' });
  throw new OpsroomError('USAGE', {
    what: 'With these inputs the plan works in another folder.',
    where: `workspace.path: ${now}`,
    mend: 'Start it anew with `opsroom run FILE`.',
  });
}

/** The data directory is closed to other users, so steps of level `uid` get their folder elsewhere, and own it. */
async function tempOf(plan: Grounded, home: string): Promise<WorkspaceRef> {
  const open = usesLevel(plan, 'uid') ? await makeOpenFolder(home) : undefined;
  return open === undefined
    ? { kind: 'temp', path: join(home, 'workspaces') }
    : { kind: 'temp', path: open, owner: STEP_USER };
}

const usesLevel = ({ steps }: Grounded, level: IsolationLevel): boolean =>
  steps.some((step) => [step, ...(step.rollback ?? [])].some(({ sandbox }) => sandbox?.level === level));

function inplacePath(written: string, { inputs, planEnv, folder: from }: Ground): string {
  const named = rendered(written, { inputs, env: planEnv });
  if (from === undefined && !isAbsolute(named)) throw unknownFolder(named);
  const folder = from ?? '/';
  const path = resolve(folder, named);
  if (!hasTemplate(written)) return path;
  const fixed = written.slice(0, written.indexOf('{{'));
  const bound = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  if (bound === '' || isWithin(path, resolve(folder, bound))) return path;
  throw new OpsroomError('INPUT_INVALID', {
    what: 'An input leads out of the folder that the plan works in.',
    where: `workspace.path: ${path}`,
    mend: `Give one that stays below ${bound}.`,
  });
}

/** A plan that came without a folder (a value, a file that was dropped) must not work at the root of the machine. */
function unknownFolder(path: string): OpsroomError {
  return new OpsroomError('USAGE', {
    what: 'The plan works in the folder that it came from, and came from none.',
    where: `workspace.path: ${path}`,
    mend: 'Say `folder`, the absolute path on the machine of the room, or write an absolute `workspace.path`.',
  });
}

function rendered(path: string, scope: Scope): string {
  const value = render(path, scope, 'workspace.path');
  if (value !== null && typeof value !== 'object' && !String(value).includes('\0')) return String(value);
  throw new OpsroomError('PLAN_EXPRESSION', { what: 'The path of the workspace is no text.', where: 'workspace.path' });
}
