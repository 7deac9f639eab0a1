import type { JsonObject, JsonValue } from '#ir/json.js';

/**
 * With these of a step's own, a name means another program, or the program does something else first: the loader's, and those by
 * which shells, interpreters and Git are told to run what they name.
 */
const BENDING = new RegExp(
  `^(?:${[
    'PATH|LD_.*|DYLD_.*|GCONV_PATH',
    'ENV|BASH_ENV|BASH_FUNC_.*|BASHOPTS|SHELLOPTS|PS4|PROMPT_COMMAND|IFS',
    'NODE_OPTIONS|NODE_PATH|npm_config_.*|PYTHON.*|PERL5.*|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS',
    'GIT_CONFIG.*|GIT_EXEC_PATH|GIT_SSH|GIT_SSH_COMMAND|GIT_PROXY_COMMAND|GIT_ASKPASS|GIT_EXTERNAL_DIFF|GIT_(?:SEQUENCE_)?EDITOR|GIT_PAGER',
    'EDITOR|VISUAL|PAGER|SSH_ASKPASS',
  ].join('|')})$`,
);

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
