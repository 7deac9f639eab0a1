import type { CallContext, ToolResult } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import type { Keeper } from '#sandbox/keeper.js';
import { type Limits, USUAL_LIMITS } from '#sandbox/limits.js';
import { type ProcessEnd, runProcess } from '#sandbox/process.js';
import { PATH } from '../shell/command.js';
import { faultOf } from '../shell/fault.js';
import { makeScratch } from '../shell/scratch.js';
import { Tail } from '../shell/tail.js';
import type { AgentArgs, Task } from './args.js';
import type { Bench } from './bench.js';
import { type Command, commandOf, type Start } from './presets.js';
import { AgentReport } from './report.js';

const STDERR_KEPT = 16 * 1024;

export interface AgentOptions {
  /** Ends the agent if the worker dies. */
  readonly keeper?: Keeper;
  /** Absolute paths (the data directory) that a sandboxed agent must not see. */
  readonly hidden?: readonly string[];
  readonly limits?: Limits;
}

export interface Work {
  readonly report: AgentReport;
  readonly exitCode: number | null;
  readonly fault: ToolResult['error'];
}

/** Lets the agent work in its clone until it ends, or its time or its budget does. */
export async function work(
  args: AgentArgs,
  { prompt }: Task,
  { bench, context, options }: { bench: Bench; context: CallContext; options: AgentOptions },
): Promise<Work> {
  const isSandboxed = context.isolation.level !== 'none';
  const start = { prompt, options: args.options, isSandboxed, budgetUsd: args.budget?.usd };
  const { argv, stdin, env } = commandFor(args, start);
  const report = new AgentReport();
  const spent = new AbortController();
  const stderr = new Tail(STDERR_KEPT);
  const signal = AbortSignal.any([context.signal, spent.signal]);
  const scratch = makeScratch(context.isolation.level);
  const limits = options.limits ?? USUAL_LIMITS;
  try {
    const end = await runProcess({
      argv,
      cwd: bench.clone,
      env: { ...environment(context, scratch.home), ...env, ...asked(args) },
      isolation: { ...context.isolation, writable: [bench.clone, scratch.folder], hidden: options.hidden ?? [] },
      limits,
      signal,
      timeoutMs: context.timeoutMs,
      ...(stdin === undefined ? {} : { stdin }),
      ...(options.keeper === undefined ? {} : { keeper: options.keeper }),
      onOutput(stream, chunk) {
        context.log(stream, chunk);
        if (stream === 'err') return stderr.push(chunk);
        report.push(chunk);
        const over = report.exceeded(args.budget ?? {});
        if (over !== undefined && !spent.signal.aborted) spent.abort(overBudget(over));
      },
    });
    report.close();
    return {
      report,
      exitCode: end.exitCode,
      fault: faultOfWork(end, { args, report, signal, context, limits, stderr: stderr.text() }),
    };
  } finally {
    scratch.remove();
  }
}

/** A program of the plan reads its task from its standard input. */
function commandFor({ preset, argv }: AgentArgs, start: Start): Command {
  if (preset !== undefined) return commandOf(preset, start);
  return { argv: argv ?? ['false'], stdin: start.prompt };
}

/** Whoever runs the worker has settings of git that are no business of the agent's. */
function environment(context: CallContext, home: string): Record<string, string> {
  return {
    PATH,
    LANG: 'C.UTF-8',
    HOME: home,
    ...context.env,
    ...(context.isolation.level === 'none' ? {} : { HOME: home, TMPDIR: '/tmp' }),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Agent',
    GIT_AUTHOR_EMAIL: 'agent@opsroom.invalid',
    GIT_COMMITTER_NAME: 'Agent',
    GIT_COMMITTER_EMAIL: 'agent@opsroom.invalid',
  };
}

const asked = ({ env }: AgentArgs): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));

type Ending = Pick<Parameters<typeof faultOf>[1], 'signal' | 'limits' | 'stderr'> & {
  readonly args: AgentArgs;
  readonly report: AgentReport;
  readonly context: CallContext;
};

function faultOfWork(end: ProcessEnd, { args, report, signal, context, limits, stderr }: Ending): ToolResult['error'] {
  // The last word may come with the end of the program. Another attempt would spend as much again.
  const over = report.exceeded(args.budget ?? {});
  if (over !== undefined) return { ...overBudget(over).toJSON(), retryable: false };
  // Its own words tell more than its exit code.
  if (end.ended === 'exited' && report.failed && report.said !== '')
    return { code: 'STEP_FAILED', message: `The agent says that it failed: ${report.said.slice(0, 300)}` };
  const fault = faultOf(end, { allowExitCodes: [0], signal, timeoutMs: context.timeoutMs, limits, stderr });
  if (fault !== undefined) return fault;
  return report.failed ? { code: 'STEP_FAILED', message: 'The agent says that it failed.' } : undefined;
}

const overBudget = (used: string) =>
  new OpsroomError('STEP_OVER_LIMIT', {
    what: `The agent has used more than its budget: ${used}`,
    mend: 'Raise budget, or give it a smaller task.',
  });
