import type { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { sendsAsSaid } from '#sandbox/destinations.js';
import { requireIsolation } from '#sandbox/isolation.js';
import type { Keeper } from '#sandbox/keeper.js';
import { type Limits, USUAL_LIMITS } from '#sandbox/limits.js';
import { type ProcessSpec, runProcess } from '#sandbox/process.js';
import { failed, parseArgs } from '../failure.js';
import { type ShellArgs, shellArgsSchema } from './args.js';
import { startBackground } from './background.js';
import { callName } from './call-name.js';
import { type Command, commandOf, workingFolder } from './command.js';
import { faultOf } from './fault.js';
import { HeldProcesses } from './held.js';
import { makeScratch, type Scratch } from './scratch.js';
import { type Joined, joinSession } from './session.js';
import { Tail } from './tail.js';
import { readValues } from './values.js';

export interface ShellOptions {
  /** Ends the step's processes if the worker dies. */
  readonly keeper?: Keeper;
  /** Absolute paths (the data directory) that a sandboxed step must not see, wherever its workspace lies. */
  readonly hidden?: readonly string[];
  /** Default: USUAL_LIMITS. */
  readonly limits?: Limits;
}

const contract: ToolContract = {
  id: 'shell',
  summary: 'Runs a script, or a program with arguments, in the workspace.',
  defaultAction: 'run',
  actions: ['run', 'background'],
  args: shellArgsSchema as unknown as z.ZodType<JsonObject>,
  literal: ['run'],
  sends: sendsAsSaid,
  isReadOnly: () => false,
  callName,
  leavesUnseen: ({ session }) => session !== undefined,
};

/**
 * The `shell` tool. Output of `run`: `{ exitCode, stdout, stderr, truncated, values? }`: the ends of both streams, and
 * what the script wrote into the file that `OPSROOM_OUTPUT` names, as JSON or as `name=value` lines. `background` starts a
 * server or a watcher; see `startBackground`.
 */
export function shellTool(options: ShellOptions = {}): Tool {
  const held = new HeldProcesses();
  return {
    contract,
    run: async (action, raw, context) => {
      try {
        const args = parseArgs(shellArgsSchema, raw);
        await requireIsolation(context.isolation.level);
        const cwd = await workingFolder(args.cwd, context.workspace);
        const call = { args, cwd, context, options };
        return action === 'background' ? await background(call, held) : await run(call);
      } catch (error) {
        return failed(error, false);
      }
    },
    holding: {
      leaves: (action) => action === 'background',
      holds: (id) => held.holds(id),
      runs: () => held.heldRuns(),
      letGo: (runId) => held.letGo(runId),
    },
  };
}

interface Call {
  readonly args: ShellArgs;
  readonly cwd: string;
  readonly context: CallContext;
  readonly options: ShellOptions;
}

async function run(call: Call): Promise<ToolResult> {
  const scratch = makeScratch(call.context.isolation.level);
  try {
    return await runIn(scratch, call);
  } finally {
    scratch.remove();
  }
}

async function runIn(scratch: Scratch, call: Call): Promise<ToolResult> {
  const { args, context, options } = call;
  const limits = options.limits ?? USUAL_LIMITS;
  const tails = { out: new Tail(args.outputCapBytes), err: new Tail(args.outputCapBytes) };
  const session = await joinSession(args, context, scratch);
  const end = await runProcess({
    ...specOf(call, scratch, session),
    signal: context.signal,
    timeoutMs: context.timeoutMs,
    onOutput(stream, chunk) {
      tails[stream].push(chunk);
      context.log(stream, chunk);
    },
  });
  const streams = {
    stdout: tails.out.text(),
    stderr: tails.err.text(),
    truncated: tails.out.truncated || tails.err.truncated,
  };
  const values = end.ended === 'exited' ? await readValues(scratch.outputFile) : undefined;
  const output = { exitCode: end.exitCode, ...streams, ...(values === undefined ? {} : { values }) };
  const { allowExitCodes } = args;
  const error = faultOf(end, { ...context, allowExitCodes, limits, stderr: streams.stderr });
  if (error === undefined) await session.keep();
  return { ok: error === undefined, output, isolation: end.isolation, ...(error === undefined ? {} : { error }) };
}

/** What is started, and within which limits. */
function specOf({ args, cwd, context, options }: Call, scratch: Scratch, session: Joined) {
  const { argv, env }: Command = commandOf(args, context, { scratch, cwd });
  return {
    argv,
    cwd,
    env: { ...env, ...session.env },
    isolation: { ...context.isolation, writable: [context.workspace, scratch.folder], hidden: options.hidden ?? [] },
    limits: options.limits ?? USUAL_LIMITS,
    ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
    ...(options.keeper === undefined ? {} : { keeper: options.keeper }),
  } satisfies Partial<ProcessSpec>;
}

async function background(call: Call, held: HeldProcesses): Promise<ToolResult> {
  const { args, context } = call;
  if (args.ready === undefined) {
    const what = 'ready: the action background needs to know what tells that the program can be used';
    throw new OpsroomError('ARGUMENT_INVALID', { what, mend: 'Give ready: { url | port | output | aliveMs }.' });
  }
  const scratch = makeScratch(context.isolation.level);
  // What a program becomes that ends with the run is of no use to the scripts after it.
  const within = args.session && { ...args.session, after: true };
  try {
    const session = await joinSession({ ...args, session: within }, context, scratch);
    const spec = specOf(call, scratch, session);
    return await startBackground({ ready: args.ready, context, held, spec, over: () => scratch.remove() });
  } catch (error) {
    // It may never have been started, and then nothing is told when it is over.
    scratch.remove();
    throw error;
  }
}
