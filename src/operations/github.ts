import { z } from 'zod';
import { GithubRefusal } from '#integrations/github/client.js';
import { lookAtGate } from '#integrations/github/gate.js';
import type { RepositoryNews } from '#integrations/github/news.js';
import { openPullRequest } from '#integrations/github/pulls.js';
import { REPO_PATTERN } from '#ir/repository.js';
import { OpsroomError } from '#kit/errors.js';
import { asUnreachable } from '#sandbox/unreachable.js';
import type { PullRequests } from '#tools/github/tool.js';
import { type GateAsked, type Gates } from '#verify/ci-gate.js';

/** What verifiers need of GitHub. */
export function githubGates(news: RepositoryNews): Gates {
  return {
    repo: REPO_PATTERN,
    look: ({ baseUrl, token, allowAddresses, ...asked }: GateAsked, signal) =>
      lookAtGate({ ...asked, access: { baseUrl, token, allowAddresses }, signal }),
    news: (repo, ms, signal) => news.wait(repo, ms, signal),
  };
}

/** What tools need of GitHub. `runPage` is where people see a run. */
export function githubPulls(runPage: PullRequests['runPage']): PullRequests {
  return {
    repo: REPO_PATTERN,
    open: ({ baseUrl, token, allowAddresses, ...asked }) =>
      openPullRequest({ baseUrl, token, allowAddresses }, asked).catch((error: unknown) => {
        throw error instanceof z.ZodError ? otherForm() : error;
      }),
    isPassing: (error) =>
      error instanceof GithubRefusal ? error.isPassing : asUnreachable(error).code === 'UNREACHABLE',
    runPage,
  };
}

const otherForm = () => new OpsroomError('HTTP_STATUS', { what: 'GitHub answered in a form that is not known' });
