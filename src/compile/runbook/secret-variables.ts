import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ShellFacts } from '../shell/facts.js';
import { wordEnd } from '../shell/word-end.js';
import { entry } from './entry.js';

/** A script with its placeholders taken out, and the environment that brings their values. */
export interface Bound {
  readonly run: string;
  readonly env: JsonObject;
}

/**
 * What the variables of a runbook's shell hold of secrets. A shell that is carried on loses them, since they would be written
 * down: what is a secret as it stands can be handed to each block anew, what is made of one cannot.
 */
export class SecretVariables {
  /** Variable → the secret that it is set to. */
  readonly #same = new Map<string, JsonValue>();
  /** Variables with a secret in what they are set to. */
  readonly #made = new Set<string>();

  /** The secret that a variable was set to by a block before. */
  secretIn(variable: string): JsonValue | undefined {
    return this.#same.get(variable);
  }

  /** Whether a block before set a variable to something that a secret is a part of. */
  isMade(variable: string): boolean {
    return this.#made.has(variable);
  }

  /** Remembers what a script leaves behind. */
  note({ assignedVariables }: ShellFacts, { run, env }: Bound): void {
    const given = secretsOf(env);
    if (given.size + this.#same.size + this.#made.size === 0) return;
    const values = assignments(run);
    const exported = exportedOnly(run);
    for (const name of assignedVariables) {
      // Of several, which one counts is known only when they are run.
      const [value, ...others] = values.get(name) ?? (exported.has(name) ? [`$${name}`] : []);
      // What is set by `read`, `for` or `printf -v` may hold anything that the script has.
      const read = variablesIn(value === undefined ? run : [value, ...others].join(' '));
      const secrets = read.map((variable) => given.get(variable) ?? this.#same.get(variable));
      const made = secrets.some((secret) => secret !== undefined) || read.some((variable) => this.#made.has(variable));
      const [secret] = others.length === 0 && /^("?)\$(?:\w+|\{\w+\})\1$/.test(value ?? '') ? secrets : [];
      this.#same.delete(name);
      this.#made.delete(name);
      if (secret !== undefined) this.#same.set(name, secret);
      else if (made) this.#made.add(name);
    }
  }
}

function secretsOf(env: JsonObject): ReadonlyMap<string, JsonValue> {
  return new Map(
    Object.entries(env).filter(([, value]) => typeof value === 'string' && /^\{\{ secrets\.\w+ \}\}$/.test(value)),
  );
}

function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{?[!#]?([A-Za-z_]\w*)/g)].map(([, variable = '']) => variable);
}

/** `export A B`: they are what they were. */
function exportedOnly(script: string): ReadonlySet<string> {
  const found = script.matchAll(/(?<=^|[\s;&|(])(?:export|readonly)((?:[ \t]+(?:-\w+|[A-Za-z_]\w*)(?![\w=+[]))+)/gm);
  return new Set([...found].flatMap(([, words = '']) => words.trim().split(/[ \t]+/)));
}

/** Each variable's assignments in a script, of a part of an array and `+=` among them: what it is set to, as written. */
function assignments(script: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const found of script.matchAll(/(?<=^|[\s;&|(])([A-Za-z_]\w*)(\[[^\]\s]*\])?(\+?)=/gm)) {
    const [whole, name = '', part = '', more = ''] = found;
    const value = script.slice(found.index + whole.length, wordEnd(script, found.index + whole.length));
    // More than one: what was there before stays a part of it.
    entry(values, name, () => []).push(...(part + more === '' ? [value] : ['', value]));
  }
  return values;
}
