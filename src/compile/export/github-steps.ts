import type { JsonObject, JsonValue } from '#ir/json.js';
import type { RollbackStep, Step } from '#ir/plan.js';
import { asText, asValue, NotPortable, requireUsual } from './github-text.js';

/** What a step of a workflow runs: values stand in `env` alone, and the script reads them from there. */
export interface Script {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder?: string;
}

type Call = Pick<Step | RollbackStep, 'tool' | 'kind' | 'action' | 'args' | 'outputSchema' | 'artefacts' | 'sandbox'>;

/** The script that does what a step's tool does. @throws NotPortable */
export function scriptOf(step: Call): Script {
  if (step.outputSchema !== undefined) throw new NotPortable('outputSchema');
  if ((step.artefacts ?? []).length > 0) throw new NotPortable('artefacts');
  if (step.sandbox !== undefined && step.sandbox.level !== 'none') throw new NotPortable('a sandbox');
  if (step.kind === 'system' && step.action === 'wait') return waitScript(step.args);
  if (step.kind === 'tool' && step.action === 'run' && step.tool === 'shell') return commandScript(step.args);
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

/** `{run | argv, env?, cwd?, stdin?, allowExitCodes?}`. @throws NotPortable for whatever else is said */
export function shellScript({ run, argv, env, cwd, stdin, allowExitCodes, ...rest }: JsonObject): Script {
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

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
