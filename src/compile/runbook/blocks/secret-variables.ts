import type { JsonObject, JsonValue } from '#ir/json.js';
import { entry } from '#kit/entry.js';
import type { ShellFacts } from '../../shell/facts.js';
import { wordEnd } from '../../shell/word-end.js';

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
  #same = new Map<string, JsonValue>();
  /** Variables with a secret in what they are set to. */
  #made = new Set<string>();

  copy(): SecretVariables {
    const copy = new SecretVariables();
    copy.#same = new Map(this.#same);
    copy.#made = new Set(this.#made);
    return copy;
  }

  /** The secret that a variable was set to by a block before. */
  secretIn(variable: string): JsonValue | undefined {
    return this.#same.get(variable);
  }

  /** Whether a block before set a variable to something that a secret is a part of. */
  isMade(variable: string): boolean {
    return this.#made.has(variable);
  }

  /** Remembers what a script leaves behind. */
  note({ assignedVariables, assignedOtherwise }: ShellFacts, { run, env }: Bound): void {
    const given = secretsOf(env);
    if (given.size + this.#same.size + this.#made.size === 0) return;
    const values = assignments(run);
    const exported = exportedOnly(run);
    const otherwise = new Set(assignedOtherwise);
    const isSecret = (variable: string) => given.has(variable) || this.#same.has(variable) || this.#made.has(variable);
    const anywhere = variablesIn(run).some(isSecret);
    for (const name of assignedVariables) {
      const own = values.get(name) ?? (exported.has(name) ? [`$${name}`] : [undefined]);
      // What is set by `read`, `for` or `printf -v` may hold anything that the script has, and what it held before.
      const isOpen = otherwise.has(name) || own.includes(undefined);
      const made = isOpen ? anywhere || isSecret(name) : own.some((value) => variablesIn(value ?? '').some(isSecret));
      // Of several, which one counts is known only when they are run.
      const [, , same = ''] = isOpen || own.length > 1 ? [] : (ONE_VARIABLE.exec(own[0] ?? '') ?? []);
      const secret = given.get(same) ?? this.#same.get(same);
      this.#same.delete(name);
      this.#made.delete(name);
      if (secret !== undefined) this.#same.set(name, secret);
      else if (made) this.#made.add(name);
    }
  }
}

const ONE_VARIABLE = /^("?)\$\{?(\w+)\}?\1$/;

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

/** In a substitution, what makes its end hard to tell: the brackets of a `case`, the quotes of a comment or of a heredoc. */
const HARD = /\bcase\b|[\s;(`]#|<</;

/** What a script sets each variable to, as written, `+=` among it; undefined where that cannot be told. */
function assignments(script: string): ReadonlyMap<string, readonly (string | undefined)[]> {
  const values = new Map<string, (string | undefined)[]>();
  // Values may hold assignments: together they are looked through twice at most, however often nothing closes them.
  let left = 2 * script.length;
  for (const found of script.matchAll(/(?<=^|[\s;&|(])([A-Za-z_]\w*)(\+?)=/gm)) {
    const [whole, name = '', more = ''] = found;
    const from = found.index + whole.length;
    const end = wordEnd(script, from, left);
    left -= (end ?? script.length) - from;
    const value = end === undefined ? undefined : script.slice(from, end);
    const told = value === undefined || (/[(`]/.test(value) && HARD.test(value)) ? undefined : value;
    // What was there before stays a part of it.
    entry(values, name, () => []).push(...(more === '' ? [told] : [`$${name}`, told]));
  }
  return values;
}
