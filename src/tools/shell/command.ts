import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CallContext } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { isWithin } from '#sandbox/paths.js';
import { findProgram } from '#sandbox/program.js';
import type { ShellArgs } from './args.js';
import type { Scratch } from './scratch.js';

/** Of a step that is given none. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface Command {
  readonly argv: [string, ...string[]];
  readonly env: Record<string, string>;
}

/** What is started for a step, and the whole environment it gets. */
export function commandOf(args: ShellArgs, context: CallContext, where: { scratch: Scratch; cwd: string }): Command {
  const env = environment(args, context, where.scratch);
  return { argv: commandLine(args, { path: env['PATH'] ?? PATH, cwd: where.cwd }), env };
}

/** Long options come first in bash. No start-up files: bash takes Node's pipes for a network login and would read ~/.bashrc. */
function commandLine(args: ShellArgs, where: { path: string; cwd: string }): [string, ...string[]] {
  if (args.argv !== undefined) return args.argv;
  const script = args.run ?? '';
  const shell = args.shell ?? (args.session || findProgram('bash', where) ? 'bash' : 'sh');
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

/** Throws ARGUMENT_INVALID for a folder outside of the workspace, also one that a link leads to. */
export async function workingFolder(cwd: string | undefined, workspace: string): Promise<string> {
  if (cwd === undefined) return workspace;
  const folder = resolve(workspace, cwd);
  const [inside, root] = await Promise.all([folder, workspace].map((path) => realpath(path).catch(() => path)));
  if (isWithin(folder, workspace) && isWithin(inside ?? folder, root ?? workspace)) return folder;
  throw new OpsroomError('ARGUMENT_INVALID', { what: `cwd: "${cwd}" lies outside of the workspace` });
}
