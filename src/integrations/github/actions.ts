import { z } from 'zod';
import { callGithub, type GithubAccess, jsonOf, repoPath } from './client.js';

/** What of GitHub's answers is read; it says a great deal more. */
const runSchema = z.object({
  id: z.number(),
  name: z.string().nullish(),
  head_sha: z.string(),
  head_branch: z.string().nullish(),
  event: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  html_url: z.string(),
  run_number: z.number(),
  run_attempt: z.number().default(1),
});
const jobSchema = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: z.string().nullish(),
  steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullish() })).default([]),
});
export type WorkflowRun = z.output<typeof runSchema>;
export type Job = z.output<typeof jobSchema>;

/** GitHub hands out at most this many; a workflow with more jobs shows the first. */
const JOBS = 100;
const MOST_LOG = 32 * 1024 * 1024;

export interface GateAt {
  readonly repo: string;
  /** The workflow's file name below `.github/workflows`. */
  readonly workflow: string;
  readonly signal: AbortSignal;
}

/** The full SHA of what a branch, a tag or a short SHA names now. */
export async function resolveRef(
  access: GithubAccess,
  repo: string,
  ref: string,
  signal: AbortSignal,
): Promise<string> {
  const reply = await callGithub(access, { path: `${repoPath(repo)}/commits/${encodeURIComponent(ref)}`, signal });
  return z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) }).parse(jsonOf(reply)).sha;
}

/** The newest run of a workflow for a commit; undefined while there is none. */
export async function newestRun(access: GithubAccess, at: GateAt, sha: string): Promise<WorkflowRun | undefined> {
  const query = new URLSearchParams({ head_sha: sha, per_page: '50' });
  const path = `${repoPath(at.repo)}/actions/workflows/${encodeURIComponent(at.workflow)}/runs?${query.toString()}`;
  const reply = await callGithub(access, { path, signal: at.signal });
  const { workflow_runs } = z.object({ workflow_runs: z.array(runSchema) }).parse(jsonOf(reply));
  // A server that ignores the filter must not make somebody else's run ours.
  const ours = workflow_runs.filter((run) => run.head_sha === sha);
  return ours.toSorted((a, b) => b.run_number - a.run_number || b.run_attempt - a.run_attempt)[0];
}

/** The jobs of the latest attempt of a run. */
export async function jobsOf(access: GithubAccess, at: GateAt, run: WorkflowRun): Promise<Job[]> {
  const path = `${repoPath(at.repo)}/actions/runs/${run.id}/jobs?filter=latest&per_page=${JOBS}`;
  const reply = await callGithub(access, { path, signal: at.signal });
  return z.object({ jobs: z.array(jobSchema) }).parse(jsonOf(reply)).jobs;
}

/** The last lines of a job's log. */
export async function logTail(access: GithubAccess, at: GateAt, job: Job, lines: number): Promise<string> {
  const path = `${repoPath(at.repo)}/actions/jobs/${job.id}/logs`;
  const reply = await callGithub(access, { path, signal: at.signal, maxBytes: MOST_LOG });
  const text = new TextDecoder().decode(reply.body).replaceAll('\0', '').trimEnd();
  const tail = text.split('\n').slice(-lines).join('\n');
  return reply.truncated
    ? `[the log is longer than ${MOST_LOG} bytes; this is the end of its beginning]\n${tail}`
    : tail;
}
