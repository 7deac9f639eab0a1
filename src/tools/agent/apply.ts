import { access } from 'node:fs/promises';
import type { CallContext, ToolResult } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import type { Keeper } from '#sandbox/keeper.js';
import { workspaceFolder } from '#sandbox/workspace.js';
import { type AgentArgs, type Applying, applyingOf } from './args.js';
import { keptRepository, RESULT } from './bench.js';
import { type GitAsk, type GitPlace, git, tryGit } from './git.js';

/**
 * Moves a branch of the repository forward to the commit that an earlier step made; never anywhere else. May be repeated. Output:
 * `{ branch, head, before, changed }`.
 */
export async function applyResult(
  args: AgentArgs,
  context: CallContext,
  keeper: Keeper | undefined,
): Promise<ToolResult> {
  const wanted = applyingOf(args);
  const repository = await workspaceFolder(context.workspace, args.repository);
  const kept = keptRepository(context.workspace, wanted.from);
  await access(kept).catch(() => {
    throw new OpsroomError('STEP_FAILED', {
      what: `The step "${wanted.from}" has left no commit here`,
      mend: 'Run it again: its commit lies in the workspace of the run.',
    });
  });
  const place = { context, folders: [context.workspace], keeper };
  const ask = { cwd: repository };
  await takeOver(place, kept, wanted.head, ask);
  const before = await tryGit(place, ['rev-parse', '--verify', '--quiet', `refs/heads/${wanted.branch}`], ask);
  const was = before.code === 0 ? before.stdout.toString('utf8').trim() : null;
  if (was !== wanted.head) await forward(place, wanted, was, ask);
  return {
    ok: true,
    output: { branch: wanted.branch, head: wanted.head, before: was, changed: was !== wanted.head },
    isolation: context.isolation.level,
  };
}

/** Brings the commit over, and only the one that was judged. */
async function takeOver(place: GitPlace, kept: string, head: string, ask: GitAsk): Promise<void> {
  const found = await git(place, ['rev-parse', '--verify', RESULT], { cwd: kept });
  if (found !== head)
    throw new OpsroomError('CHANGE_REFUSED', { what: `The step made the commit ${found}, and not ${head}` });
  await git(place, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--end-of-options', kept, RESULT], ask);
}

async function forward(place: GitPlace, { branch, head }: Applying, was: string | null, ask: GitAsk): Promise<void> {
  if (was !== null && (await tryGit(place, ['merge-base', '--is-ancestor', was, head], ask)).code !== 0) {
    const what = `${branch} has gone another way since the agent began: it cannot be moved forward to ${head.slice(0, 12)}`;
    throw new OpsroomError('CHANGE_REFUSED', { what, mend: 'Let the agent begin again from the branch as it is now.' });
  }
  const current = await tryGit(place, ['symbolic-ref', '--quiet', 'HEAD'], ask);
  const isOut = current.code === 0 && current.stdout.toString('utf8').trim() === `refs/heads/${branch}`;
  // The files follow a branch that is checked out; git refuses where that would overwrite somebody's changes.
  if (isOut) await git(place, ['merge', '--quiet', '--ff-only', head], ask);
  else await git(place, ['update-ref', `refs/heads/${branch}`, head, was ?? '0'.repeat(head.length)], ask);
}
