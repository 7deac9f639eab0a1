import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { AGENT_PRESETS } from '#compile/speckit/agents.js';
import { isTaskList, isWorkflow } from '#compile/speckit/bundle.js';
import type { Doer } from '#compile/speckit/hand-over.js';
import type { PullRequest } from '#compile/speckit/offer.js';
import { OpsroomError } from '#kit/errors.js';
import { type PlanGiven, pullRequestInput } from './input.js';
import { readText } from './read-text.js';

export type BundleGiven = Extract<PlanGiven, { bundle: unknown }>;

/** What may be said of a task list on the command line. `strict` is for runbooks as well. */
export interface BundleOptions {
  readonly strict?: boolean;
  readonly doer?: Exclude<Doer, undefined>;
  readonly check?: readonly [string, ...string[]];
  readonly pullRequest?: PullRequest;
  readonly all?: boolean;
}

/** Agents that may be named. */
export const AGENTS = AGENT_PRESETS;

/** Folders that hold no task lists of the project's own. */
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'target', 'vendor', 'templates', 'venv']);
const DEEPEST = 6;
const MOST_FOLDERS = 5000;
/** What is read beside a task list. */
const DOCUMENT = /^[\w.-]{1,100}\.md$/i;
const MOST_DOCUMENTS = 50;
const CONSTITUTIONS = [
  '.specify/memory/constitution.md',
  'memory/constitution.md',
  'constitution.md',
  'spec/constitution.md',
];

/**
 * The Spec Kit bundle of a folder or of a `tasks.md`: the task list, the documents beside it, and the constitution of the
 * project around it.
 *
 * @returns undefined for a file that is no task list and no workflow
 * @throws OpsroomError SPECKIT_NONE, SPECKIT_SEVERAL, PLAN_UNREADABLE, PLAN_TOO_LARGE
 */
export async function readBundleGiven(path: string, options: BundleOptions): Promise<BundleGiven | undefined> {
  const list = (await workflowAt(path)) ?? (await taskListAt(path));
  if (list === undefined) return undefined;
  const root = await projectAround(dirname(list));
  const bundle = await Promise.all(
    [list, ...(isTaskList(list) ? await documentsFor(list, root) : [])].map(async (file) => ({
      path: relative(root, file).split(sep).join('/'),
      text: await readText(file, 'PLAN_UNREADABLE'),
    })),
  );
  const { doer, check, pullRequest, all, strict } = options;
  return {
    bundle,
    folder: root,
    ...(doer === undefined ? {} : { doer: 'agent' in doer ? doer : { argv: [...doer.argv] } }),
    ...(check === undefined ? {} : { check: [...check] }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(all === true ? { all } : {}),
    ...(strict === true ? { strict } : {}),
  };
}

/**
 * Where a pull request is to be opened, as a command line says it.
 *
 * @throws OpsroomError USAGE for what is no repository, no server, or a server without a repository
 */
export function pullRequestOf(repo: string | undefined, githubUrl: string | undefined): PullRequest | undefined {
  if (repo === undefined && githubUrl === undefined) return undefined;
  const mend = 'Say it as --pull-request OWNER/NAME [--github-url https://HOST/api/v3].';
  if (repo === undefined)
    throw new OpsroomError('USAGE', { what: '--github-url is given without --pull-request', mend });
  const read = pullRequestInput.safeParse({ repo, githubUrl });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const what = `--${issue?.path[0] === 'githubUrl' ? 'github-url' : 'pull-request'}: ${issue?.message ?? ''}`;
  throw new OpsroomError('USAGE', { what, mend });
}

/** A file that is a workflow of Spec Kit. */
async function workflowAt(path: string): Promise<string | undefined> {
  if (!/\.ya?ml$/i.test(path) || !(await stat(path).catch(() => undefined))?.isFile()) return undefined;
  const text = await readText(path, 'PLAN_UNREADABLE');
  return isWorkflow({ path, text }) ? resolve(path) : undefined;
}

async function taskListAt(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return found?.isFile() && isTaskList(path) ? resolve(path) : undefined;
  const lists = await taskListsBelow(resolve(path));
  const [only, ...others] = lists.some(({ depth }) => depth === 0) ? lists.filter(({ depth }) => depth === 0) : lists;
  if (only === undefined) {
    const what = 'That is a folder, and no task list of Spec Kit is in it.';
    const mend = 'Name the file of a plan or a runbook, or a folder with a tasks.md in it, such as specs/001-name.';
    throw new OpsroomError('SPECKIT_NONE', { what, where: path, mend });
  }
  if (others.length === 0) return only.file;
  const names = lists.map(({ file }) => relative(process.cwd(), dirname(file)) || '.').sort();
  const more = names.length > 10 ? `, and ${names.length - 10} more` : '';
  throw new OpsroomError('SPECKIT_SEVERAL', {
    what: `There are ${names.length} task lists: in ${names.slice(0, 10).join(', ')}${more}.`,
    where: path,
  });
}

/** Links are not followed: a folder may be linked into itself. */
async function taskListsBelow(root: string): Promise<{ file: string; depth: number }[]> {
  const lists: { file: string; depth: number }[] = [];
  const folders = [{ folder: root, depth: 0 }];
  for (let looked = 0; looked < folders.length && looked < MOST_FOLDERS; looked++) {
    const { folder = root, depth = 0 } = folders[looked] ?? {};
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isFile() && isTaskList(entry.name)) lists.push({ file: join(folder, entry.name), depth });
      if (entry.isDirectory() && depth < DEEPEST && mayHold(entry.name))
        folders.push({ folder: join(folder, entry.name), depth: depth + 1 });
    }
  }
  return lists;
}

function mayHold(name: string): boolean {
  return !SKIPPED.has(name) && (!name.startsWith('.') || name === '.specify' || name === '.specs');
}

/** The nearest folder around that Spec Kit or Git calls a project; without one, the folder itself. */
async function projectAround(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const names = await readdir(at).catch((): string[] => []);
    if (names.includes('.specify') || names.includes('.git')) return at;
    if (at === dirname(at)) return folder;
  }
}

async function documentsFor(list: string, root: string): Promise<string[]> {
  const folder = dirname(list);
  const beside = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && DOCUMENT.test(entry.name) && !isTaskList(entry.name))
    .map(({ name }) => join(folder, name))
    .sort()
    .slice(0, MOST_DOCUMENTS);
  const named = CONSTITUTIONS.map((name) => join(root, name)).filter((file) => !beside.includes(file));
  const found = await Promise.all(
    named.map(async (file) => ((await stat(file).catch(() => undefined))?.isFile() ? file : [])),
  );
  return [...beside, ...found.flat().slice(0, 1)];
}
