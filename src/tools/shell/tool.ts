import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import type { Keeper } from '#sandbox/keeper.js';
import { type Limits, USUAL_LIMITS } from '#sandbox/limits.js';
import { isWithin } from '#sandbox/paths.js';
import { runProcess } from '#sandbox/process.js';
import { findProgram } from '#sandbox/program.js';
import { failed, parseArgs } from '../failure.js';
import { type ShellArgs, shellArgsSchema } from './args.js';
import { faultOf } from './fault.js';
import { makeScratch, type Scratch } from './scratch.js';
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

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const contract: ToolContract = {
  id: 'shell',
  summary: 'Runs a script, or a program with arguments, in the workspace.',
  defaultAction: 'run',
  actions: ['run'],
  args: shellArgsSchema as unknown as z.ZodType<JsonObject>,
  literal: ['run'],
  isReadOnly: () => false,
};

/**
 * The `shell` tool. Output: `{ exitCode, stdout, stderr, truncated, values? }`: the ends of both streams, and what the
 * script wrote into the file that `OPSROOM_OUTPUT` names, as JSON or as `name=value` lines.
 */
export function shellTool(options: ShellOptions = {}): Tool {
  return { contract, run: (_action, args, context) => run(args, context, options) };
}

async function run(raw: JsonObject, context: CallContext, options: ShellOptions): Promise<ToolResult> {
  let scratch: Scratch | undefined;
  try {
    const args = parseArgs(shellArgsSchema, raw);
    const cwd = await workingFolder(args.cwd, context.workspace);
    scratch = makeScratch(context.isolation.level);
    return await runIn(scratch, { args, cwd, context, options });
  } catch (error) {
    return failed(error, false);
  } finally {
    scratch?.remove();
  }
}

/** Throws ARGUMENT_INVALID for a folder outside of the workspace, also one that a link leads to. */
async function workingFolder(cwd: string | undefined, workspace: string): Promise<string> {
  if (cwd === undefined) return workspace;
  const folder = resolve(workspace, cwd);
  const [inside, root] = await Promise.all([folder, workspace].map((path) => realpath(path).catch(() => path)));
  if (isWithin(folder, workspace) && isWithin(inside ?? folder, root ?? workspace)) return folder;
  throw new OpsroomError('ARGUMENT_INVALID', { what: `cwd: "${cwd}" lies outside of the workspace` });
}

interface Call {
  readonly args: ShellArgs;
  readonly cwd: string;
  readonly context: CallContext;
  readonly options: ShellOptions;
}

async function runIn(scratch: Scratch, { args, cwd, context, options }: Call): Promise<ToolResult> {
  const env = environment(args, context, scratch);
  const limits = options.limits ?? USUAL_LIMITS;
  const tails = { out: new Tail(args.outputCapBytes), err: new Tail(args.outputCapBytes) };
  const end = await runProcess({
    argv: commandLine(args, { path: env['PATH'] ?? PATH, cwd }),
    cwd,
    env,
    isolation: { ...context.isolation, writable: [context.workspace, scratch.folder], hidden: options.hidden ?? [] },
    limits,
    signal: context.signal,
    timeoutMs: context.timeoutMs,
    onOutput(stream, chunk) {
      tails[stream].push(chunk);
      context.log(stream, chunk);
    },
    ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
    ...(options.keeper === undefined ? {} : { keeper: options.keeper }),
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
  return { ok: error === undefined, output, isolation: end.isolation, ...(error === undefined ? {} : { error }) };
}

/** Long options come first in bash. No start-up files: bash takes Node's pipes for a network login and would read ~/.bashrc. */
function commandLine(args: ShellArgs, where: { path: string; cwd: string }): [string, ...string[]] {
  if (args.argv !== undefined) return args.argv;
  const script = args.run ?? '';
  const shell = args.shell ?? (findProgram('bash', where) ? 'bash' : 'sh');
  if (shell === 'sh') return ['sh', '-eu', '-c', script];
  return ['bash', '--noprofile', '--norc', '-euo', 'pipefail', '-c', script];
}

/** What the engine allows, then what the plan says. An isolated step cannot see the user's home, so it gets one of its own. */
function environment(args: ShellArgs, context: CallContext, scratch: Scratch): Record<string, string> {
  const own = { HOME: scratch.home, TMPDIR: '/tmp' };
  const asked = Object.entries(args.env).map(([name, value]) => [name, String(value)]);
  return {
    PATH,
    LANG: 'C.UTF-8',
    HOME: scratch.home,
    ...context.env,
    ...(context.isolation.level === 'none' ? {} : own),
    ...Object.fromEntries(asked),
    OPSROOM_OUTPUT: scratch.outputFile,
  };
}
