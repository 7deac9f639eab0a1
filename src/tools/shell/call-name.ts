import type { JsonObject, JsonValue } from '#ir/json.js';

/** With these of a step's own, a name means another program, or the program does something else first. */
const BENDING = /^(?:PATH|LD_.*|DYLD_.*|NODE_OPTIONS|BASH_ENV|ENV)$/;

/**
 * `shell:NAME` of a program that is started by its bare name, from the folders of the worker's own PATH. Undefined for a script, which
 * may call anything, and for a program that a step could have brought itself: by a path, or by its environment.
 */
export function callName({ argv, env }: JsonObject): string | undefined {
  const program = Array.isArray(argv) ? argv[0] : undefined;
  if (typeof program !== 'string' || program.includes('/') || namesOf(env).some((name) => BENDING.test(name)))
    return undefined;
  return `shell:${program}`;
}

/** Before a run it may be an expression. */
const namesOf = (env: JsonValue | undefined): string[] =>
  typeof env === 'object' && env !== null ? Object.keys(env) : [];
