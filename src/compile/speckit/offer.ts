import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { JsonObject } from '#ir/json.js';
import { literal } from '../literal.js';
import { clip } from './explanation.js';
import type { Doer } from './hand-over.js';
import { BEGUN, COMMIT, PUSH, PUSHED } from './offer-scripts.js';

/** Where a pull request is opened for what the tasks came to. */
export interface PullRequest {
  /** `owner/name`. */
  readonly repo: string;
  /** Of a GitHub Enterprise Server: `https://HOST/api/v3`. */
  readonly githubUrl?: string | undefined;
}

/** A step of the plan that is being put together. */
export interface Draft extends JsonObject {
  readonly id: string;
  readonly dependsOn: string[];
}

/** The steps around the tasks, by what they do; `commit` where the tasks are done in the working tree itself. */
export const OFFERING = {
  branch: 'the branch that the tasks are done on',
  apply: 'what the agent did goes to the branch once it was judged',
  commit: 'what the tasks changed, as one commit',
  push: 'the branch goes to the repository that is named',
  'pull-request': 'it names the run, and leads to its proof',
} as const;
export type Offering = keyof typeof OFFERING;

/** A branch of the plan's inputs: the feature's, as Spec Kit names it after its folder. */
const BRANCH = '{{ inputs.branch }}';
const BASE = '{{ inputs.base }}';
const SINCE = '{{ run.startedAt }}';
const BRANCH_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$';
/** What the branch that a pull request is for is usually called. */
const BASES: ReadonlySet<string> = new Set(['main', 'master', 'develop', 'trunk']);
const GITHUB = 'https://api.github.com';
const TOKEN = '{{ secrets.GITHUB_TOKEN }}';
/** The body of a pull request is cut by GitHub at 65,536 characters. */
const MOST_BODY = 30_000;
const GIT_MS = 600_000;

function offerInputs(tasksPath: string): JsonObject {
  const branch = branchOf(basename(dirname(tasksPath)));
  const named = { type: 'string', pattern: BRANCH_PATTERN };
  return {
    type: 'object',
    properties: {
      branch: { ...named, default: branch, description: 'The branch that the tasks are done on' },
      base: { ...named, default: 'main', description: 'The branch that the pull request is for' },
    },
  };
}

/** That of the feature's folder. Names that no branch has, or that a base has, do not share one. */
function branchOf(feature: string): string {
  if (new RegExp(BRANCH_PATTERN).test(feature) && !BASES.has(feature)) return feature;
  return `tasks-${createHash('sha256').update(feature).digest('hex').slice(0, 8)}`;
}

/** What an agent begins from: all that was applied before it. A tag may have the branch's name. */
export const AGENT_BASE = `refs/heads/${BRANCH}`;

/**
 * Lets the tasks, which stand in an order that suits them, be done on a branch and ends with a pull request for it.
 *
 * @param take gives out ids for the steps around the tasks
 */
export function withPullRequest(
  drafts: readonly Draft[],
  pullRequest: PullRequest,
  about: { readonly title: string; readonly tasks: readonly string[]; readonly doer: Doer },
  take: (what: Offering) => string,
): Draft[] {
  const { repo, githubUrl = GITHUB } = pullRequest;
  const remote = remoteOf(repo, githubUrl);
  const byAgent = about.doer !== undefined && 'agent' in about.doer;
  const branch: Draft = {
    id: take('branch'),
    dependsOn: [],
    ...(byAgent ? madeBranch(remote) : currentBranch(remote)),
  };
  const from = outputOf(branch.id, 'from');
  const begun = drafts.map((draft) => (draft.dependsOn.length > 0 ? draft : { ...draft, dependsOn: [branch.id] }));
  const done: Draft[] = [branch, ...begun];
  if (!byAgent) done.push({ id: take('commit'), dependsOn: leavesOf(begun), ...commit(literal(about.title), from) });
  const last = done.findLast((draft) => draft['action'] === 'apply');
  const sha = last === undefined ? outputOf(done.at(-1)?.id ?? '', 'sha') : outputOf(last.id, 'head');
  const push = { id: take('push'), dependsOn: leavesOf(done), ...pushed(remote, { SHA: sha, FROM: from }) };
  const body = clipText(`Tasks:\n\n${about.tasks.map((task) => `- ${task}`).join('\n')}`);
  const words = { title: literal(clip(about.title, 256)), body: literal(body) };
  const offer = { id: take('pull-request'), dependsOn: [push.id], ...opened({ repo, githubUrl }, words, sha) };
  return [...done, push, offer];
}

/** What else such a plan says: two of them do not share a working tree. */
export function offerSettings({ repo, githubUrl = GITHUB }: PullRequest, tasksPath: string): JsonObject {
  const settings = { inputSchema: offerInputs(tasksPath), concurrencyKey: `tasks of ${repo}` };
  // A server of one's own often has a private address; who names it means it.
  return githubUrl === GITHUB ? settings : { ...settings, target: { allowAddresses: [hostOf(githubUrl)] } };
}

/**
 * After each step that hands a task to an agent one that moves the branch to what it did. Agents work one after the other then:
 * each begins with what the one before did, and no two move the branch at once.
 */
export function withApplied(drafts: readonly Draft[], take: (what: Offering, of: string) => string): Draft[] {
  const appliedAs = new Map<string, string>();
  let last: string | undefined;
  return drafts.flatMap((draft): Draft[] => {
    const waits = draft.dependsOn.map((id) => appliedAs.get(id) ?? id);
    if (draft['tool'] !== 'agent') return [{ ...draft, dependsOn: waits }];
    const id = take('apply', draft.id);
    const dependsOn = [...new Set(last === undefined ? waits : [...waits, last])];
    last = id;
    appliedAs.set(draft.id, id);
    return [
      { ...draft, dependsOn },
      { id, dependsOn: [draft.id], ...applied(draft.id) },
    ];
  });
}

/** One after the other, where each is judged by the files that all of them change. */
export function inSequence(drafts: readonly Draft[], isTask: (id: string) => boolean): Draft[] {
  let last: string | undefined;
  return drafts.map((draft) => {
    if (!isTask(draft.id)) return draft;
    const dependsOn = [...new Set(last === undefined ? draft.dependsOn : [...draft.dependsOn, last])];
    last = draft.id;
    return { ...draft, dependsOn };
  });
}

function currentBranch(remote: string): JsonObject {
  const run = `${BEGUN}if [ "$ours" = HEAD ]; then git switch --quiet --create "$BRANCH"; else git switch --quiet "$BRANCH"; fi
echo "from=$(git rev-parse HEAD)" >> "$OPSROOM_OUTPUT"
`;
  return {
    title: 'Go to the branch of the feature',
    ...remotely(run, { BRANCH, BASE, SINCE }, remote),
    outputs: { from: '{{ output.values.from }}' },
    verifiers: [check('there', 'test "$(git symbolic-ref --short HEAD)" = "$BRANCH"', { BRANCH })],
  };
}

function madeBranch(remote: string): JsonObject {
  const run = `${BEGUN}if [ "$ours" = HEAD ]; then git branch -- "$BRANCH"; fi
echo "from=$(git rev-parse "refs/heads/$BRANCH")" >> "$OPSROOM_OUTPUT"
`;
  return {
    title: 'Make the branch of the feature',
    ...remotely(run, { BRANCH, BASE, SINCE }, remote),
    outputs: { from: '{{ output.values.from }}' },
    verifiers: [check('there', 'git show-ref --verify "refs/heads/$BRANCH"', { BRANCH })],
  };
}

function applied(from: string): JsonObject {
  const head = outputOf(from, 'head');
  return {
    title: `Move the branch to what ${from} did`,
    tool: 'agent',
    action: 'apply',
    idempotent: true,
    args: { from, head, branch: BRANCH },
    verifiers: [check('moved', 'test "$(git rev-parse "refs/heads/$BRANCH")" = "$SHA"', { BRANCH, SHA: head })],
  };
}

function commit(message: string, from: string): JsonObject {
  return {
    title: 'Commit what the tasks changed',
    ...shell(COMMIT, { BRANCH, SINCE, FROM: from, MESSAGE: message }),
    outputs: { sha: '{{ output.values.sha }}' },
    verifiers: [
      check('changed', 'test "$(git rev-list --count "$FROM..refs/heads/$BRANCH")" -gt 0', { BRANCH, FROM: from }),
    ],
  };
}

function pushed(remote: string, { SHA, FROM }: { readonly SHA: string; readonly FROM: string }): JsonObject {
  const env = { BRANCH, SHA };
  const config = { run: PUSHED, env: { ...env, REMOTE: remote, TOKEN }, sendsTo: hostOf(remote) };
  return {
    title: 'Push the branch',
    ...remotely(PUSH, { ...env, FROM }, remote),
    verifiers: [{ id: 'pushed', kind: 'shell', config }],
  };
}

function opened(
  { repo, githubUrl }: Required<PullRequest> & { githubUrl: string },
  words: JsonObject,
  sha: string,
): JsonObject {
  return {
    title: 'Open the pull request',
    tool: 'github',
    idempotent: true,
    timeoutMs: 120_000,
    args: { repo, token: TOKEN, baseUrl: githubUrl, head: BRANCH, base: BASE, ...words },
    verifiers: [
      {
        id: 'open',
        kind: 'http',
        description: 'GitHub shows the pull request, open, at that commit.',
        config: {
          url: `${githubUrl}/repos/${repo}/pulls/{{ output.number }}`,
          headers: { authorization: `Bearer ${TOKEN}`, accept: 'application/vnd.github+json' },
          json: { number: '{{ output.number }}', state: 'open', head: { sha } },
        },
      },
    ],
  };
}

function shell(run: string, env: JsonObject): { args: JsonObject } & JsonObject {
  return { tool: 'shell', idempotent: true, timeoutMs: GIT_MS, args: { run, env } };
}

/** With the token, on its standard input. */
function remotely(run: string, env: JsonObject, remote: string): JsonObject {
  const { args, ...step } = shell(run, { ...env, REMOTE: remote });
  return { ...step, args: { ...args, stdin: TOKEN, sendsTo: hostOf(remote) } };
}

function check(id: string, run: string, env: JsonObject): JsonObject {
  return { id, kind: 'shell', config: { run, env } };
}

const outputOf = (step: string, member: string): string => `{{ steps["${step}"].output.${member} }}`;

/** Where git finds a repository of the server that this API belongs to; `api.NAME.ghe.com` is that of `NAME.ghe.com`. */
function remoteOf(repo: string, githubUrl: string): string {
  const { origin } = new URL(githubUrl);
  return `${origin.replace(/^(https:\/\/)api\.(github\.com|[^.]+\.ghe\.com)$/, '$1$2')}/${repo}.git`;
}

function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'http:' ? '80' : '443')}`;
}

/** Those that no other waits for. */
function leavesOf(drafts: readonly Draft[]): string[] {
  const waited = new Set(drafts.flatMap(({ dependsOn }) => dependsOn));
  return drafts.flatMap(({ id }) => (waited.has(id) ? [] : [id]));
}

const clipText = (text: string): string => (text.length <= MOST_BODY ? text : `${text.slice(0, MOST_BODY - 1)}…`);
