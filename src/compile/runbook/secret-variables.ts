import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ShellFacts } from '../shell/facts.js';
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
    for (const name of assignedVariables) {
      // Of several, which one counts is known only when they are run.
      const [value = '', ...others] = values.get(name) ?? [];
      const read = [...[value, ...others].join(' ').matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(
        ([, variable = '']) => variable,
      );
      const secrets = read.map((variable) => given.get(variable) ?? this.#same.get(variable));
      const made = secrets.some((secret) => secret !== undefined) || read.some((variable) => this.#made.has(variable));
      const [secret] = others.length === 0 && /^("?)\$(?:\w+|\{\w+\})\1$/.test(value) ? secrets : [];
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

/** Each variable's assignments in a script, `+=` among them: what it is set to, as written. */
function assignments(script: string): ReadonlyMap<string, readonly string[]> {
  const found = script.matchAll(/(?<=^|[\s;&|(])([A-Za-z_]\w*)(\+?)=("(?:[^"\\]|\\.)*"|[^\s;&|]*)/gm);
  const values = new Map<string, string[]>();
  for (const [, name = '', more = '', value = ''] of found)
    entry(values, name, () => []).push(...(more === '' ? [value] : ['', value]));
  return values;
}
