import type { JsonObject, JsonValue } from '#ir/json.js';
import type { RollbackStep, Step } from '#ir/plan.js';
import type { Script } from './github-script.js';
import { inSession } from './github-sessions.js';
import { asText, asValue, isObject, NotPortable, requireUsual } from './github-text.js';

type Call = Pick<Step | RollbackStep, 'tool' | 'kind' | 'action' | 'args' | 'outputSchema' | 'artefacts' | 'sandbox'>;

/** The script that does what a step's tool does. @throws NotPortable */
export function scriptOf(step: Call): Script {
  if (step.outputSchema !== undefined) throw new NotPortable('outputSchema');
  if ((step.artefacts ?? []).length > 0) throw new NotPortable('artefacts');
  if (step.sandbox !== undefined && step.sandbox.level !== 'none') throw new NotPortable('a sandbox');
  if (step.kind === 'system' && step.action === 'wait') return waitScript(step.args);
  if (step.kind === 'tool' && step.action === 'run' && step.tool === 'shell') return commandScript(step.args);
  if (step.kind === 'tool' && step.action === 'background' && step.tool === 'shell') return backgroundScript(step.args);
  if (step.kind === 'tool' && step.tool === 'http') return httpScript(step.args);
  if (step.kind === 'tool' && step.tool === 'sql') return sqlScript(step.args);
  throw new NotPortable(step.tool === undefined ? `${step.kind} steps` : `the tool ${step.tool} (${step.action})`);
}

function waitScript({ durationMs, ...rest }: JsonObject): Script {
  if (typeof durationMs !== 'number') throw new NotPortable('waiting until a time');
  requireUsual('a wait', rest);
  return { run: `sleep ${Math.ceil(durationMs / 1000)}`, env: {} };
}

/** The workflow's steps are run by bash, and their logs are kept whole. What is left out here stands in `IN_WORKFLOW`. */
function commandScript({ outputCapBytes: _, sendsTo: __, shell, ...args }: JsonObject): Script {
  if (shell !== undefined && shell !== 'bash') throw new NotPortable('another shell than bash');
  return shellScript(args);
}

/** Goes on after its step has ended; the runner ends it with the job. */
function backgroundScript({ ready, ...args }: JsonObject): Script {
  const { run, env, ...script } = commandScript(args);
  const told = isObject(ready) ? ready : {};
  const look = `kill -0 "$__opsroom_job" 2> /dev/null || { cat "$__opsroom_log"; exit 1; }`;
  const lines = [
    '__opsroom_log=$(mktemp)',
    `{\n${run}\n} > "$__opsroom_log" 2>&1 &`,
    '__opsroom_job=$!',
    ...readyLines(told, look),
    'cat "$__opsroom_log"',
  ];
  const asked = told['url'] === undefined ? {} : { OPSROOM_READY: asValue(told['url']) };
  return { ...script, env: { ...env, ...asked }, run: lines.join('\n') };
}

/** What waits until the program can be used, and fails when it has ended before. */
function readyLines({ url, port, aliveMs }: JsonObject, look: string): string[] {
  if (typeof aliveMs === 'number') return [`sleep ${Math.ceil(aliveMs / 1000)}`, look];
  const until =
    typeof port === 'number'
      ? `(: < /dev/tcp/127.0.0.1/${port}) 2> /dev/null`
      : `[[ $(curl --silent --globoff --max-time 2 --output /dev/null --write-out '%{http_code}' --url "$OPSROOM_READY" || true) =~ ^[1-4] ]]`;
  if (typeof port !== 'number' && typeof url !== 'string') throw new NotPortable('output that tells that it is ready');
  return [`until ${until}; do`, `  ${look}`, '  sleep 1', 'done'];
}

/** `{run | argv, env?, cwd?, stdin?, allowExitCodes?, session?}`. @throws NotPortable for whatever else is said */
export function shellScript({ session, ...args }: JsonObject): Script {
  if (session === undefined) return plainScript(args);
  // What only a part of the shell becomes, in parentheses or behind a pipe, is not carried on.
  requireUsual(
    'a command in a session',
    { stdin: args['stdin'] ?? null, allowExitCodes: args['allowExitCodes'] ?? [0] },
    { stdin: null, allowExitCodes: [0] },
  );
  return inSession(plainScript(args), session);
}

function plainScript({ run, argv, env, cwd, stdin, allowExitCodes, ...rest }: JsonObject): Script {
  requireUsual('a command', rest);
  const values = Object.entries(isObject(env) ? env : {}).map(([name, value]) => [name, asValue(value)]);
  const words = Array.isArray(argv) ? argv : [];
  const named = words.map((word, index) => [`OPSROOM_ARG_${index}`, asValue(word)]);
  const call = typeof run === 'string' ? asText(run) : named.map(([name]) => `"$${name}"`).join(' ');
  const fed = typeof stdin === 'string';
  const body = fed ? `printf '%s' "$OPSROOM_STDIN" | ${typeof run === 'string' ? `{\n${call}\n}` : call}` : call;
  return {
    run: withExitCodes(body, allowExitCodes),
    env: Object.fromEntries([...values, ...named, ...(fed ? [['OPSROOM_STDIN', asValue(stdin)]] : [])]),
    ...(typeof cwd === 'string' ? { folder: asValue(cwd) } : {}),
  };
}

function withExitCodes(script: string, codes: JsonValue | undefined): string {
  const allowed = Array.isArray(codes) ? codes.filter((code) => typeof code === 'number') : [0];
  if (allowed.length === 1 && allowed[0] === 0) return script;
  return `code=0\n(\n${script}\n) || code=$?\ncase "$code" in ${allowed.join('|')}) ;; *) exit "$code" ;; esac`;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * One request, which fails for any status but 200 to 299. A redirect is followed for a plain GET alone: curl would send the method,
 * the body and the headers on to whoever it leads to.
 * @throws NotPortable
 */
function httpScript({
  method = 'GET',
  url,
  headers,
  body,
  maxRedirects = 5,
  maxBytes: _,
  ...rest
}: JsonObject): Script {
  if (typeof url !== 'string') throw new NotPortable('an HTTP request without an address');
  requireUsual('an HTTP request', rest, { query: {}, bodyType: typeof body === 'string' ? 'text' : 'json' });
  const verb = typeof method === 'string' ? method.toUpperCase() : '';
  if (!METHODS.has(verb)) throw new NotPortable(`the method ${verb}`);
  if (typeof maxRedirects !== 'number') throw new NotPortable('maxRedirects that is computed');
  const given = Object.entries(isObject(headers) ? headers : {});
  const isTyped = given.some(([name]) => name.toLowerCase() === 'content-type');
  const lines = given.map(([name, value], at) => [`OPSROOM_HEADER_${at}`, `${asText(name)}: ${asValue(value)}`]);
  const follows = verb === 'GET' && maxRedirects > 0 && given.length === 0 && body === undefined;
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const flags = [
    'curl --silent --show-error --globoff --proto =http,https --request "$OPSROOM_METHOD"',
    ...(follows ? [`--location --max-redirs ${maxRedirects}`] : []),
    ...lines.map(([name]) => `--header "$${name}"`),
    ...(body === undefined || isTyped ? [] : [`--header 'Content-Type: ${type}'`]),
    ...(body === undefined ? [] : ['--data-raw "$OPSROOM_BODY"']),
    '--output /dev/stderr --write-out \'%{http_code}\' --url "$OPSROOM_URL"',
  ];
  return {
    run: `status=$(${flags.join(' ')})\ncase "$status" in 2??) ;; *) echo "HTTP $status" >&2; exit 1 ;; esac`,
    env: Object.fromEntries([
      ['OPSROOM_METHOD', verb],
      ['OPSROOM_URL', asValue(url)],
      ...(body === undefined ? [] : [['OPSROOM_BODY', bodyValue(body)]]),
      ...lines,
    ]),
  };
}

/** A JSON body may hold expressions in its strings: each part is rendered where it stands. */
function bodyValue(body: JsonValue): string {
  if (typeof body === 'string') return asValue(body);
  if (JSON.stringify(body).includes('{{')) throw new NotPortable('a JSON body with expressions in it');
  return asValue(body);
}

function sqlScript({ url, query, params, maxRows: _, ...rest }: JsonObject): Script {
  if (typeof url !== 'string' || typeof query !== 'string')
    throw new NotPortable('an SQL step without address or query');
  requireUsual(
    'an SQL step',
    { ...(params === undefined ? {} : { params }), ...rest },
    { params: [], engine: 'postgres' },
  );
  if (/^\s*mysql/i.test(url)) throw new NotPortable('MySQL');
  return {
    run: 'psql "$OPSROOM_URL" --no-psqlrc --set ON_ERROR_STOP=1 --command "$OPSROOM_QUERY"',
    env: { OPSROOM_URL: asValue(url), OPSROOM_QUERY: asValue(query) },
  };
}
