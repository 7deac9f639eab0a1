import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { CallContext, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { requireIsolation } from '#sandbox/isolation.js';
import { failed, parseArgs } from '../failure.js';
import { applyResult } from './apply.js';
import { type AgentArgs, agentArgsSchema, type Task, taskOf } from './args.js';
import { Bench, type Outcome } from './bench.js';
import { type AgentOptions, type Work, work } from './work.js';

/** Has an agent work, or applies what it made; see `agentTool`. */
export async function callAgent(
  action: string,
  raw: JsonObject,
  context: CallContext,
  options: AgentOptions,
): Promise<ToolResult> {
  try {
    const args = parseArgs(agentArgsSchema, raw);
    await requireLevel(context);
    return await (action === 'apply' ? applyResult(args, context, options.keeper) : runAgent(args, context, options));
  } catch (error) {
    return failed(error, false);
  }
}

async function requireLevel({ isolation }: CallContext): Promise<void> {
  if (isolation.level === 'uid') {
    const what = 'sandbox: an agent runs at level bubblewrap or none';
    throw new OpsroomError('ARGUMENT_INVALID', { what, mend: 'Write sandbox: { level: bubblewrap, network: true }.' });
  }
  await requireIsolation(isolation.level);
}

async function runAgent(args: AgentArgs, context: CallContext, options: AgentOptions): Promise<ToolResult> {
  const task = taskOf(args);
  const bench = await Bench.set(args.repository, args.base, context, options.keeper);
  const kept = [await keep(bench, context, 'prompt', 'prompt.md', task.prompt)];
  const done = await work(args, task, { bench, context, options });
  const about = aboutWork(args, done);
  if (done.fault !== undefined)
    return { ok: false, output: about, error: done.fault, isolation: context.isolation.level, artefacts: kept };
  try {
    const outcome = await takeWork(bench, args, task);
    kept.push(await keep(bench, context, 'diff', 'change.patch', outcome.patch));
    const result = relative(context.workspace, bench.result);
    const output = { ...about, step: context.id.stepId, base: bench.base, result, ...aboutOutcome(outcome) };
    return { ok: true, output, isolation: context.isolation.level, artefacts: kept };
  } catch (error) {
    return {
      ok: false,
      output: about,
      error: asOpsroomError(error).toJSON(),
      isolation: context.isolation.level,
      artefacts: kept,
    };
  }
}

function takeWork(bench: Bench, { allowedPaths, maxDiffBytes }: AgentArgs, { message }: Task): Promise<Outcome> {
  return bench.take({ allowedPaths, maxDiffBytes, message });
}

async function keep(bench: Bench, { workspace }: CallContext, name: string, file: string, content: string | Buffer) {
  const path = join(bench.folder, file);
  await writeFile(path, content);
  return { name, path: relative(workspace, path) };
}

/** What the agent says of itself, and what is known of it. */
function aboutWork({ budget }: AgentArgs, { report, exitCode }: Work): JsonObject {
  const usage = report.usage();
  const isKnown = usage !== undefined && (budget?.usd === undefined || usage.costUsd !== null);
  return {
    exitCode,
    usage: usage === undefined ? null : { ...usage },
    budget: budget === undefined ? 'none' : isKnown ? 'kept' : 'unknown: the agent does not say what it used',
    commands: [...report.commands],
    said: report.said,
  };
}

const MOST_FILES = 1000;

function aboutOutcome({ head, changes, commits }: Outcome): JsonObject {
  const files = changes.slice(0, MOST_FILES).map(({ path, kind }) => ({ path, kind }));
  return { head, files, filesInAll: changes.length, commits: commits.map((commit) => ({ ...commit })) };
}
