import { z } from 'zod';
import { callGithub, type GithubAccess, jsonOf, repoPath } from './client.js';

export interface PullRequestAsked {
  readonly repo: string;
  /** The branch that is offered; of a fork, `owner:branch`. */
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly reviewers: readonly string[];
  readonly teamReviewers: readonly string[];
  readonly signal: AbortSignal;
}

const pullSchema = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.string(),
  head: z.object({ sha: z.string() }),
});

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: string;
  /** The commit that it offers. */
  readonly sha: string;
  /** Whether this call opened it: an open one for the same branches is taken over. */
  readonly created: boolean;
}

/**
 * Opens a pull request, or finds the one that is open for the same branches, and asks for reviews. May be repeated.
 * @throws GithubRefusal, ZodError for an answer in another form, and what `guardedFetch` throws
 */
export async function openPullRequest(access: GithubAccess, asked: PullRequestAsked): Promise<PullRequest> {
  const found = await findOpen(access, asked);
  const pull = found ?? (await create(access, asked));
  await requestReviews(access, asked, pull.number);
  return {
    number: pull.number,
    url: pull.html_url,
    state: pull.state,
    sha: pull.head.sha,
    created: found === undefined,
  };
}

async function findOpen(access: GithubAccess, { repo, head, base, signal }: PullRequestAsked) {
  const qualified = head.includes(':') ? head : `${repo.split('/')[0]}:${head}`;
  const query = new URLSearchParams({ state: 'open', head: qualified, base });
  const reply = await callGithub(access, { path: `${repoPath(repo)}/pulls?${query.toString()}`, signal });
  return z.array(pullSchema).parse(jsonOf(reply))[0];
}

async function create(access: GithubAccess, { repo, head, base, title, body, draft, signal }: PullRequestAsked) {
  const asked = { title, head, base, body, draft };
  const reply = await callGithub(access, { method: 'POST', path: `${repoPath(repo)}/pulls`, body: asked, signal });
  return pullSchema.parse(jsonOf(reply));
}

async function requestReviews(access: GithubAccess, asked: PullRequestAsked, number: number): Promise<void> {
  const { repo, reviewers, teamReviewers, signal } = asked;
  if (reviewers.length + teamReviewers.length === 0) return;
  const path = `${repoPath(repo)}/pulls/${number}/requested_reviewers`;
  const body = { reviewers: [...reviewers], team_reviewers: [...teamReviewers] };
  await callGithub(access, { method: 'POST', path, body, signal });
}
