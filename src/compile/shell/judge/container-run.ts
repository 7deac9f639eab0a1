import type { Command } from '#compile/shell/facts.js';
import { baseName } from '../wrappers.js';

const CONTAINERS = /^(?:docker|podman|nerdctl)$/;
/** Options of `docker run` without a value, as far as they are usual; behind any other stands one, or `=` in it. */
const ALONE =
  /^(?:-[dihPtq]+|--(?:rm|detach|init|interactive|no-healthcheck|oom-kill-disable|privileged|publish-all|quiet|read-only|replace|sig-proxy|tty))$/;

/** What the container of `docker run OPTIONS IMAGE …` is told to do. */
export function inContainer(command: Command): Command | undefined {
  const { program, args } = command;
  const run = args.indexOf('run');
  if (!CONTAINERS.test(program) || run < 0 || run > 3 || args[run - 1] === 'compose') return undefined;
  let at = run + 1;
  for (let word = args[at]; word?.startsWith('-'); word = args[at])
    at += ALONE.test(word) || word.includes('=') ? 1 : 2;
  const told = args[at + 1];
  return told === undefined ? undefined : { ...command, program: baseName(told), args: args.slice(at + 2), writes: [] };
}
