import type { Socket } from 'node:net';
import { bubblewrapOptions } from './bubblewrap.js';
import { bubblewrapProgram, type Isolation, requireIsolation, STEP_USER, sandboxView } from './isolation.js';
import type { Keeper } from './keeper.js';

export interface LaunchSpec {
  /** The program as an absolute path, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isolation: Isolation;
  readonly keeper: Keeper | undefined;
}

/** What `spawn` is given. `extra` are the descriptors from 3 on. */
export interface Launch {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly extra: readonly ('ignore' | 'pipe' | Socket)[];
  /** Options that bubblewrap reads from its descriptor, so that no value of the environment shows in the process list. */
  readonly options: string | undefined;
}

/** Descriptors of a starting process, beyond stdin, stdout and stderr. */
export const FD = { keeper: 3, status: 4, options: 5 } as const;

/**
 * Registers with the keeper, then becomes the real program: from its first instant the process is either still holding
 * the channel, which keeps the keeper waiting, or known to it. Without a keeper that reads, nothing is started.
 */
const PRELUDE = `echo "+$$" >&${FD.keeper} || exit 125; exec ${FD.keeper}>&-; exec "$@"`;

/** Throws ISOLATION_UNAVAILABLE. */
export async function planLaunch(spec: LaunchSpec): Promise<Launch> {
  await requireIsolation(spec.isolation.level);
  const inner = spec.isolation.level === 'bubblewrap' ? bubblewrapLaunch(spec) : plainLaunch(spec);
  if (spec.keeper === undefined) return inner;
  const [, ...beyond] = inner.extra;
  return {
    ...inner,
    argv: ['/bin/sh', '-c', PRELUDE, 'opsroom-step', ...inner.argv],
    extra: [spec.keeper.channel, ...beyond],
  };
}

function plainLaunch({ argv, cwd, env, isolation }: LaunchSpec): Launch {
  const user = isolation.level === 'uid' ? STEP_USER : undefined;
  return { argv, cwd, env, user, extra: ['ignore'], options: undefined };
}

function bubblewrapLaunch({ argv, cwd, env, isolation }: LaunchSpec): Launch {
  const view = { ...sandboxView(isolation, cwd), network: isolation.network, env };
  return {
    argv: [bubblewrapProgram(), '--json-status-fd', `${FD.status}`, '--args', `${FD.options}`, '--', ...argv],
    cwd: '/',
    // The step's own environment is for the inside only: an LD_PRELOAD in it would run its code outside of the sandbox.
    env: { PATH: '/usr/bin:/bin' },
    user: undefined,
    extra: ['ignore', 'pipe', 'pipe'],
    options: bubblewrapOptions(view)
      .map((option) => `${option}\0`)
      .join(''),
  };
}
