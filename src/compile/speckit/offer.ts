import { basename, dirname } from 'node:path';
import type { JsonObject } from '#ir/json.js';
import { literal } from '../runbook/assemble-inputs.js';
import { clip } from './explanation.js';
import type { Doer } from './hand-over.js';

/** How a repository is written: `owner/name`. */
export const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._-]+$/;

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
  push: 'the branch goes to the remote `origin`',
  'pull-request': 'it names the run, and leads to its proof',
} as const;
export type Offering = keyof typeof OFFERING;

/** A branch of the plan's inputs: the feature's, as Spec Kit names it after its folder. */
const BRANCH = '{{ inputs.branch }}';
const BRANCH_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$';
const GITHUB = 'https://api.github.com';
const TOKEN = '{{ secrets.GITHUB_TOKEN }}';
/** The body of a pull request is cut by GitHub at 65,536 characters. */
const MOST_BODY = 30_000;
const GIT_MS = 600_000;

/** The inputs of a plan that ends with a pull request. */
export function offerInputs(tasksPath: string): JsonObject {
  const feature = basename(dirname(tasksPath));
  const branch = new RegExp(BRANCH_PATTERN).test(feature) ? feature : 'tasks';
  const named = { type: 'string', pattern: BRANCH_PATTERN };
  return {
    type: 'object',
    properties: {
      branch: { ...named, default: branch, description: 'The branch that the tasks are done on' },
      base: { ...named, default: 'main', description: 'The branch that the pull request is for' },
    },
  };
}

/** What an agent begins from: all that was applied before it. */
export const AGENT_BASE = BRANCH;

/**
 * Lets the tasks, which stand in an order that suits them, be done on a branch and ends with a pull request for it.
 *
 * @param take gives out ids for the steps around the tasks
 */
export function withPullRequest(
  drafts: readonly Draft[],
  { repo, githubUrl = GITHUB }: PullRequest,
  about: { readonly title: string; readonly tasks: readonly string[]; readonly doer: Doer },
  take: (what: Offering) => string,
): Draft[] {
  const byAgent = about.doer !== undefined && 'agent' in about.doer;
  const branch = { id: take('branch'), dependsOn: [], ...(byAgent ? madeBranch() : currentBranch()) };
  const begun = drafts.map((draft) => (draft.dependsOn.length > 0 ? draft : { ...draft, dependsOn: [branch.id] }));
  const done = [branch, ...begun];
  if (!byAgent)
    done.push({ id: take('commit'), dependsOn: leavesOf(begun), ...commit(literal(about.title), branch.id) });
  const push = { id: take('push'), dependsOn: leavesOf(done), ...pushed(githubUrl) };
  const body = clipText(`Tasks:\n\n${about.tasks.map((task) => `- ${task}`).join('\n')}`);
  const words = { title: literal(clip(about.title, 256)), body: literal(body) };
  const offer = { id: take('pull-request'), dependsOn: [push.id], ...opened(repo, githubUrl, words, push.id) };
  return [...done, push, offer];
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

function currentBranch(): JsonObject {
  const run = `if [ -n "$(git status --porcelain)" ]; then
  echo 'There are changes that are not committed. Commit or stash them first: what the tasks change is told from them.' >&2
  exit 1
fi
if git show-ref --verify --quiet "refs/heads/$BRANCH"; then git switch --quiet "$BRANCH"; else git switch --quiet --create "$BRANCH"; fi
echo "from=$(git rev-parse HEAD)" >> "$OPSROOM_OUTPUT"
`;
  return {
    title: 'Go to the branch of the feature',
    ...shell(run, { BRANCH }),
    outputs: { from: '{{ output.values.from }}' },
    verifiers: [check('there', 'test "$(git symbolic-ref --short HEAD)" = "$BRANCH"', { BRANCH })],
  };
}

function madeBranch(): JsonObject {
  const run = 'git show-ref --verify --quiet "refs/heads/$BRANCH" || git branch -- "$BRANCH"\n';
  return {
    title: 'Make the branch of the feature',
    ...shell(run, { BRANCH }),
    verifiers: [check('there', 'git show-ref --verify "refs/heads/$BRANCH"', { BRANCH })],
  };
}

function applied(from: string): JsonObject {
  const head = `{{ steps["${from}"].output.head }}`;
  return {
    title: `Move the branch to what ${from} did`,
    tool: 'agent',
    action: 'apply',
    args: { from, head, branch: BRANCH },
    verifiers: [
      check('moved', 'test "$(git rev-parse "refs/heads/$BRANCH")" = "$SHA"', { BRANCH, SHA: '{{ output.head }}' }),
    ],
  };
}

function commit(message: string, branchStep: string): JsonObject {
  const run = `git add --all
git diff --cached --quiet || git -c user.name=Opsroom -c user.email=run@opsroom.invalid commit --quiet --message "$MESSAGE"
`;
  const env = { FROM: `{{ steps["${branchStep}"].output.from }}` };
  return {
    title: 'Commit what the tasks changed',
    ...shell(run, { MESSAGE: message }),
    verifiers: [check('changed', 'test "$(git rev-list --count "$FROM..HEAD")" -gt 0', env)],
  };
}

/** The token goes to git by a program that git asks, as it stands in no list of processes then. */
const ASKED = `ask=$(mktemp) && trap 'rm -f "$ask"' EXIT
printf '#!/bin/sh\\nprintf "%%s\\\\n" "$TOKEN"\\n' > "$ask" && chmod 700 "$ask"
`;

function pushed(githubUrl: string): JsonObject {
  const env = { BRANCH, TOKEN, GIT_TERMINAL_PROMPT: 0 };
  const sendsTo = remoteOf(githubUrl);
  const run = `${ASKED}GIT_ASKPASS=$ask git push --quiet origin "refs/heads/$BRANCH:refs/heads/$BRANCH"
echo "sha=$(git rev-parse "refs/heads/$BRANCH")" >> "$OPSROOM_OUTPUT"
`;
  const look = `${ASKED}test "$(GIT_ASKPASS=$ask git ls-remote origin "refs/heads/$BRANCH" | cut -f1)" = "$(git rev-parse "refs/heads/$BRANCH")"`;
  const { args, ...rest } = shell(run, env);
  return {
    title: 'Push the branch',
    ...rest,
    args: { ...args, sendsTo },
    outputs: { sha: '{{ output.values.sha }}' },
    verifiers: [{ id: 'pushed', kind: 'shell', config: { run: look, env, sendsTo } }],
  };
}

function opened(repo: string, baseUrl: string, words: { title: string; body: string }, pushStep: string): JsonObject {
  const sha = `{{ steps["${pushStep}"].output.sha }}`;
  return {
    title: 'Open the pull request',
    tool: 'github',
    idempotent: true,
    timeoutMs: 120_000,
    args: { repo, token: TOKEN, baseUrl, head: BRANCH, base: '{{ inputs.base }}', ...words },
    verifiers: [
      {
        id: 'open',
        kind: 'http',
        description: 'GitHub shows the pull request, open, at that commit.',
        config: {
          url: `${baseUrl}/repos/${repo}/pulls/{{ output.number }}`,
          headers: { authorization: `Bearer ${TOKEN}`, accept: 'application/vnd.github+json' },
          json: { number: '{{ output.number }}', state: 'open', head: { sha } },
        },
      },
    ],
  };
}

function shell(run: string, env: JsonObject): { readonly args: JsonObject } & JsonObject {
  return { tool: 'shell', idempotent: true, timeoutMs: GIT_MS, args: { run, env } };
}

function check(id: string, run: string, env: JsonObject): JsonObject {
  return { id, kind: 'shell', config: { run, env } };
}

/** A server of one's own often has a private address; who names it means it. */
export function offerTarget({ githubUrl }: PullRequest): JsonObject {
  return githubUrl === undefined || githubUrl === GITHUB ? {} : { target: { allowAddresses: [remoteOf(githubUrl)] } };
}

/** Where git pushes to, as far as the API's address says it. */
function remoteOf(githubUrl: string): string {
  const { hostname, port, protocol } = new URL(githubUrl);
  const host = githubUrl === GITHUB ? 'github.com' : hostname;
  return `${host}:${port || (protocol === 'http:' ? '80' : '443')}`;
}

/** Those that no other waits for. */
function leavesOf(drafts: readonly Draft[]): string[] {
  const waited = new Set(drafts.flatMap(({ dependsOn }) => dependsOn));
  return drafts.flatMap(({ id }) => (waited.has(id) ? [] : [id]));
}

const clipText = (text: string): string => (text.length <= MOST_BODY ? text : `${text.slice(0, MOST_BODY - 1)}…`);
