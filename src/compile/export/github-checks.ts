import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Precondition, Verifier } from '#ir/plan.js';
import type { Script } from './github-script.js';
import { shellScript } from './github-steps.js';
import { asText, asValue, isObject, NotPortable, requireUsual } from './github-text.js';

/** The script that looks whether a verifier would pass. @throws NotPortable */
export function checkScript({ kind, config }: Pick<Verifier, 'kind' | 'config'>): Script {
  if (kind === 'shell') return exitScript(config);
  if (kind === 'file') return fileScript(config);
  if (kind === 'http') return answerScript(config);
  throw new NotPortable(`the ${kind} check`);
}

/** A command that must exit with 0, asked again every two seconds. */
function exitScript({ exitCode = 0, withinMs = 0, intervalMs: _, sendsTo: __, ...command }: JsonObject): Script {
  requireUsual('a command check', { exitCode }, { exitCode: 0 });
  if ('stdin' in command || 'allowExitCodes' in command) throw new NotPortable('a command check with input');
  if (typeof withinMs !== 'number') throw new NotPortable('withinMs that is computed');
  const script = shellScript(command);
  return withinMs === 0 ? script : { ...script, run: untilPassed(script.run, Math.ceil(withinMs / 1000)) };
}

/** Not as a condition: there a command that fails would not end the script. */
function untilPassed(script: string, seconds: number): string {
  return [
    `__opsroom_end=$((SECONDS + ${seconds}))`,
    'set +e',
    'while :; do',
    `(\nset -e\n${script}\n)`,
    '__opsroom_code=$?',
    'if [ "$__opsroom_code" -eq 0 ] || [ "$SECONDS" -ge "$__opsroom_end" ]; then exit "$__opsroom_code"; fi',
    'sleep 2',
    'done',
  ].join('\n');
}

function fileScript({ path, exists = true, contains, sha256, ...rest }: JsonObject): Script {
  if (typeof path !== 'string') throw new NotPortable('a file check without a path');
  if (typeof exists !== 'boolean') throw new NotPortable('exists that is computed');
  requireUsual('a file check', rest, { newerThanStep: false });
  requireLine(contains);
  const lines = [
    exists ? 'test -e "$OPSROOM_PATH"' : 'test ! -e "$OPSROOM_PATH"',
    ...(contains === undefined ? [] : ['grep --quiet --fixed-strings -- "$OPSROOM_CONTAINS" "$OPSROOM_PATH"']),
    ...(sha256 === undefined ? [] : ['printf "%s  %s\\n" "$OPSROOM_SHA256" "$OPSROOM_PATH" | sha256sum --check']),
  ];
  return {
    run: lines.join('\n'),
    env: {
      OPSROOM_PATH: asValue(path),
      ...(contains === undefined ? {} : { OPSROOM_CONTAINS: asValue(contains) }),
      ...(sha256 === undefined ? {} : { OPSROOM_SHA256: asValue(sha256) }),
    },
  };
}

/** A GET, asked again every two seconds. Redirects are not followed: their status is not the one that is expected. */
function answerScript(config: JsonObject): Script {
  const {
    url,
    expectedStatus = 200,
    bodyContains: contains,
    withinMs = 0,
    intervalMs: _,
    maxRedirects: __,
    ...rest
  } = config;
  if (typeof url !== 'string') throw new NotPortable('an HTTP check without an address');
  requireUsual('an HTTP check', rest, { method: 'GET', headers: {} });
  requireLine(contains);
  const status = [expectedStatus].flat().map(Number);
  if (!status.every(Number.isInteger)) throw new NotPortable('a status that is computed');
  if (typeof withinMs !== 'number') throw new NotPortable('withinMs that is computed');
  const tries = Math.min(1800, Math.max(1, Math.ceil(withinMs / 2000)));
  const looks = [
    `status=$(curl --silent --globoff --proto =http,https --output "$answer" --write-out '%{http_code}' --url "$OPSROOM_URL" || true)`,
    `if [[ "$status" =~ ^(${status.join('|')})$ ]]${contains === undefined ? '' : ' && grep --quiet --fixed-strings -- "$OPSROOM_CONTAINS" "$answer"'}; then exit 0; fi`,
    'sleep 2',
  ];
  return {
    run: `answer=$(mktemp)\nfor _ in $(seq ${tries}); do\n  ${looks.join('\n  ')}\ndone\nexit 1`,
    env: {
      OPSROOM_URL: asValue(url),
      ...(contains === undefined ? {} : { OPSROOM_CONTAINS: asValue(contains) }),
    },
  };
}

/** For grep, each line of a text is another one that would do. */
function requireLine(text: JsonValue | undefined): void {
  if (typeof text === 'string' && /[\n\r]/.test(text)) throw new NotPortable('a text of several lines to look for');
}

/** The script that looks whether a precondition holds. @throws NotPortable */
export function preconditionScript(precondition: Precondition): Script {
  if (typeof precondition !== 'string') return checkScript(precondition);
  const [, kind, name] = /^(env|command|secret):([\w.-]{1,100})$/.exec(precondition) ?? [];
  if (kind === 'secret')
    return { run: 'test -n "$OPSROOM_SECRET"', env: { OPSROOM_SECRET: asValue(`{{ secrets.${name} }}`) } };
  if (kind === 'command') return { run: 'command -v "$OPSROOM_NAME"', env: { OPSROOM_NAME: asText(name ?? '') } };
  if (kind === 'env' && /^[A-Za-z_]\w*$/.test(name ?? '')) return { run: `test -n "\${${name}:-}"`, env: {} };
  throw new NotPortable(`the precondition ${precondition}`);
}

/** What a manual step asks for. */
export function instructionsOf({ instructions }: JsonObject): string {
  return typeof instructions === 'string' ? asValue(instructions) : '';
}

/** The inputs of a plan as GitHub asks for them. */
export function dispatchInputs(schema: unknown, values: JsonObject): Record<string, JsonObject> {
  const { properties, required } = (isObject(schema as JsonObject) ? schema : {}) as JsonObject;
  const named = Object.keys({ ...(isObject(properties) ? properties : {}), ...values }).filter((name) =>
    /^[A-Za-z_]\w{0,99}$/.test(name),
  );
  return Object.fromEntries(
    named.map((name) => {
      const property = isObject(properties) && isObject(properties[name]) ? properties[name] : {};
      return [name, inputOf(property, values[name], Array.isArray(required) && required.includes(name))];
    }),
  );
}

function inputOf(property: JsonObject, value: JsonObject[string] | undefined, required: boolean): JsonObject {
  const { type, enum: choices, description, default: usual } = property;
  const preset = value ?? usual;
  const options = Array.isArray(choices) ? choices.filter((one) => typeof one === 'string').map(asText) : [];
  const form = typeOf(type, options);
  return {
    ...(typeof description === 'string' ? { description: asText(description) } : {}),
    required: required && preset === undefined,
    type: form,
    ...(options.length > 0 ? { options } : {}),
    ...(preset === undefined || typeof preset === 'object'
      ? {}
      : { default: form === 'boolean' ? preset : asText(String(preset)) }),
  };
}

function typeOf(type: unknown, options: readonly string[]): string {
  if (options.length > 0) return 'choice';
  if (type === 'boolean') return 'boolean';
  return type === 'number' || type === 'integer' ? 'number' : 'string';
}
