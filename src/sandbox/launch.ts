import { statfs } from 'node:fs/promises';
import { OpsroomError } from '#kit/errors.js';
import { bubblewrapOptions } from './bubblewrap.js';
import { bubblewrapProgram, type Isolation, requireIsolation, STEP_USER, sandboxView } from './isolation.js';
import { type Caps, kernelCaps, type Limits, machineTasks } from './limits.js';
import { FD, withPrelude } from './prelude.js';

export interface LaunchSpec {
  /** The program as an absolute path, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isolation: Isolation;
  readonly limits: Limits;
  /** Whether the process is given the keeper's channel. */
  readonly registers: boolean;
}

/** What `spawn` is given, but for the descriptors. */
export interface Launch {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  /** Options that bubblewrap reads from its descriptor, so that no value of the environment shows in the process list. */
  readonly options: string | undefined;
}

/** Throws ISOLATION_UNAVAILABLE. */
export async function planLaunch(spec: LaunchSpec): Promise<Launch> {
  await requireIsolation(spec.isolation.level);
  requireOpenNetwork(spec.isolation);
  requirePlainLoader(spec);
  const caps = await capsFor(spec);
  const inner = spec.isolation.level === 'bubblewrap' ? bubblewrapLaunch(spec) : plainLaunch(spec);
  return { ...inner, argv: withPrelude(inner.argv, { caps, registers: spec.registers }) };
}

/** A plan that was stored by other means than the compiler, which says so first. */
function requireOpenNetwork({ level, network }: Isolation): void {
  if (level !== 'uid' || network) return;
  throw new OpsroomError('ISOLATION_UNAVAILABLE', {
    what: 'The level uid cannot keep a step off the network.',
    mend: 'Ask for `level: bubblewrap`, or say `network: true`.',
  });
}

/** At level uid the keeper belongs to root, and the program that registers with it starts in the step's environment: nothing in that may put code of the step into it. */
function requirePlainLoader({ isolation, env }: LaunchSpec): void {
  const name = Object.keys(env).find((key) => key.startsWith('LD_'));
  if (isolation.level !== 'uid' || name === undefined) return;
  throw new OpsroomError('ISOLATION_UNAVAILABLE', {
    what: `At level uid the environment may not hold ${name}.`,
    mend: `Set ${name} within the script, or ask for level bubblewrap.`,
  });
}

async function capsFor({ cwd, limits }: LaunchSpec): Promise<Caps> {
  const disk = await statfs(cwd).catch(() => undefined);
  const freeBytes = disk ? disk.bavail * disk.bsize : Number.POSITIVE_INFINITY;
  return kernelCaps(limits, { tasks: machineTasks(), freeBytes });
}

function plainLaunch({ argv, cwd, env, isolation }: LaunchSpec): Launch {
  const user = isolation.level === 'uid' ? STEP_USER : undefined;
  return { argv, cwd, env, user, options: undefined };
}

function bubblewrapLaunch({ argv, cwd, env, isolation }: LaunchSpec): Launch {
  const view = { ...sandboxView(isolation, cwd), network: isolation.network, env };
  return {
    argv: [bubblewrapProgram(), '--json-status-fd', `${FD.status}`, '--args', `${FD.options}`, '--', ...argv],
    cwd: '/',
    // The step's own environment is for the inside only: an LD_PRELOAD in it would run its code outside of the sandbox.
    env: { PATH: '/usr/bin:/bin' },
    user: undefined,
    options: bubblewrapOptions(view)
      .map((option) => `${option}\0`)
      .join(''),
  };
}
