import type { JsonObject, JsonValue } from '#ir/json.js';
import type { RollbackStep, Step } from '#ir/plan.js';
import { asText, asValue, NotPortable } from './github-text.js';

/** What a step of a workflow runs: values stand in `env` alone, and the script reads them from there. */
export interface Script {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder?: string;
}

type Call = Pick<Step | RollbackStep, 'tool' | 'kind' | 'action' | 'args'>;

/** The script that does what a step's tool does. @throws NotPortable */
export function scriptOf(step: Call): Script {
  if (step.kind === 'system' && step.action === 'wait') return waitScript(step.args);
  if (step.kind === 'tool' && step.action === 'run' && step.tool === 'shell') return shellScript(step.args);
  if (step.kind === 'tool' && step.tool === 'http') return httpScript(step.args);
  if (step.kind === 'tool' && step.tool === 'sql') return sqlScript(step.args);
  throw new NotPortable(step.tool === undefined ? `${step.kind} steps` : `the tool ${step.tool} (${step.action})`);
}

function waitScript({ durationMs }: JsonObject): Script {
  if (typeof durationMs !== 'number') throw new NotPortable('waiting until a time');
  return { run: `sleep ${Math.ceil(durationMs / 1000)}`, env: {} };
}

/** `{run | argv, env?, cwd?, stdin?}`, as the shell tool and the shell verifier take it. @throws NotPortable */
export function shellScript({ run, argv, env, cwd, stdin, allowExitCodes }: JsonObject): Script {
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

/** @throws NotPortable */
export function httpScript(args: JsonObject): Script {
  const { method, url, headers, body } = args;
  if (typeof url !== 'string') throw new NotPortable('an HTTP request without an address');
  const lines = Object.entries(isObject(headers) ? headers : {}).map(([name, value], index) => [
    `OPSROOM_HEADER_${index}`,
    `${asText(name)}: ${asValue(value)}`,
  ]);
  const isJson = body !== undefined && typeof body !== 'string';
  const flags = [
    'curl --fail-with-body --silent --show-error --location --request "$OPSROOM_METHOD"',
    ...lines.map(([name]) => `--header "$${name}"`),
    ...(isJson ? ["--header 'Content-Type: application/json'"] : []),
    ...(body === undefined ? [] : ['--data-raw "$OPSROOM_BODY"']),
    '"$OPSROOM_URL"',
  ];
  return {
    run: flags.join(' '),
    env: Object.fromEntries([
      ['OPSROOM_METHOD', typeof method === 'string' ? asValue(method) : 'GET'],
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

function sqlScript({ url, query, params }: JsonObject): Script {
  if (typeof url !== 'string' || typeof query !== 'string')
    throw new NotPortable('an SQL step without address or query');
  if (params !== undefined) throw new NotPortable('SQL with parameters');
  return {
    run: 'psql "$OPSROOM_URL" --no-psqlrc --set ON_ERROR_STOP=1 --command "$OPSROOM_QUERY"',
    env: { OPSROOM_URL: asValue(url), OPSROOM_QUERY: asValue(query) },
  };
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
