import { z } from 'zod';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { type GateAt, type Job, jobsOf, logTail, newestRun, resolveRef, type WorkflowRun } from './actions.js';
import { type GithubAccess, GithubRefusal } from './client.js';

export interface GateQuestion extends GateAt {
  readonly access: GithubAccess;
  /** A full SHA, or what names a commit: a branch, a tag. */
  readonly ref: string;
  /** Conclusions that count as green. */
  readonly conclusions: readonly string[];
  readonly logLines: number;
}

/** What one look found. `away`: GitHub could not be asked; `isFinal` when asking again would bring the same. */
export type GateFinding =
  | { readonly state: 'none' | 'running' | 'green' | 'red'; readonly summary: string; readonly evidence: JsonObject }
  | { readonly state: 'away'; readonly summary: string; readonly isFinal: boolean; readonly retryAfterMs?: number };

const FULL_SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Looks once at the newest run of a workflow for a commit; of a red one it brings the failed job and the end of its log. Never rejects. */
export async function lookAtGate(asked: GateQuestion): Promise<GateFinding> {
  const { access, repo, ref, signal, workflow } = asked;
  try {
    const sha = FULL_SHA.test(ref) ? ref : await resolveRef(access, repo, ref, signal);
    const run = await newestRun(access, asked, sha);
    if (run === undefined)
      return {
        state: 'none',
        summary: `No run of ${workflow} for ${sha.slice(0, 12)} yet`,
        evidence: { repo, workflow, sha, run: null },
      };
    const evidence = { repo, workflow, sha, run: runEvidence(run) };
    if (run.status !== 'completed' || run.conclusion === null)
      return { state: 'running', summary: `${workflow} #${run.run_number} is ${run.status ?? 'queued'}`, evidence };
    const summary = `${workflow} #${run.run_number} for ${sha.slice(0, 12)} ended as ${run.conclusion}`;
    if (asked.conclusions.includes(run.conclusion)) return { state: 'green', summary, evidence };
    return { state: 'red', ...(await failure(asked, run, { summary, evidence })) };
  } catch (error) {
    return away(error);
  }
}

function runEvidence({
  id,
  head_branch,
  event,
  status,
  conclusion,
  html_url,
  run_number,
  run_attempt,
}: WorkflowRun): JsonObject {
  return {
    id,
    url: html_url,
    number: run_number,
    attempt: run_attempt,
    event,
    branch: head_branch ?? null,
    status,
    conclusion,
  };
}

interface Told {
  readonly summary: string;
  readonly evidence: JsonObject;
}

/** That the log cannot be had (it may have expired) changes nothing about the verdict. */
async function failure(asked: GateQuestion, run: WorkflowRun, { summary, evidence }: Told): Promise<Told> {
  try {
    const jobs = await jobsOf(asked.access, asked, run);
    const failed = jobs.find(
      ({ conclusion }) => conclusion !== null && !['success', 'skipped', 'neutral'].includes(conclusion),
    );
    if (failed === undefined) return { summary, evidence };
    const log = await logTail(asked.access, asked, failed, asked.logLines).catch(
      (error: unknown) => `[no log: ${words(error)}]`,
    );
    return {
      summary: `${summary}: ${jobWords(failed)}`,
      evidence: { ...evidence, failedJob: jobEvidence(failed), log },
    };
  } catch (error) {
    return { summary, evidence: { ...evidence, jobs: `[${words(error)}]` } };
  }
}

const failedStep = ({ steps }: Job) => steps.find(({ conclusion }) => conclusion === 'failure')?.name;

function jobWords(job: Job): string {
  const step = failedStep(job);
  return step === undefined ? `job "${job.name}"` : `job "${job.name}", step "${step}"`;
}

function jobEvidence(job: Job): JsonObject {
  return {
    id: job.id,
    name: job.name,
    conclusion: job.conclusion,
    url: job.html_url ?? null,
    step: failedStep(job) ?? null,
  };
}

function away(error: unknown): GateFinding {
  const summary = words(error);
  if (!(error instanceof GithubRefusal)) return { state: 'away', summary, isFinal: isFinal(error) };
  const { retryAfterMs } = error;
  return { state: 'away', summary, isFinal: !error.isPassing, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

const PASSING: ReadonlySet<string> = new Set(['UNREACHABLE', 'STEP_TIMEOUT']);

/** What the socket says passes; a refused address stays refused, and an answer in another form keeps its form. */
function isFinal(error: unknown): boolean {
  return error instanceof z.ZodError || (error instanceof OpsroomError && !PASSING.has(error.code));
}

function words(error: unknown): string {
  if (error instanceof z.ZodError) return 'GitHub answered in a form that is not known';
  return error instanceof Error ? error.message : String(error);
}
