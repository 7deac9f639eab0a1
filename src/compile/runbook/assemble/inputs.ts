import type { JsonObject, JsonValue } from '#ir/json.js';
import { isSecretName } from '#ir/secret-name.js';
import { entry } from '#kit/entry.js';
import { literal } from '../../literal.js';
import type { ShellFacts } from '../../shell/facts.js';
import type { Choice } from '../blocks/decision.js';
import { type Bound, SecretVariables } from '../blocks/secret-variables.js';
import type { Settings } from '../blocks/settings.js';
import { settingsTakenIn, variablesRead } from '../blocks/settings-files.js';
import { ONE_WORD, splitBesideDanger } from '../blocks/split-variables.js';
import type { ChoiceInput } from '../ways/alternatives.js';

interface Input {
  readonly schema: JsonObject;
  readonly required: boolean;
  /** The ways and cases that need it; undefined: it is needed in any case. */
  readonly only: readonly Choice[] | undefined;
}

/** Variables that mean something to shells and programs: a placeholder `<path>` must not overwrite `PATH`. */
const TAKEN =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|IFS|ENV|BASH_.*|CDPATH|TMPDIR|TERM|LANG|LC_.*|TZ|MAIL|HOSTNAME|LD_.*|DYLD_.*|NODE_.*|PYTHON.*|PERL.*|RUBY.*|GIT_.*|SSH_.*|PS\d|UID|EUID|PPID|OPTARG|OPTIND|RANDOM|SECONDS|LINENO|EDITOR|PAGER|OPSROOM_.*)$/;

/**
 * Collects the inputs of a plan while its scripts are bound to them, in the order of the steps: a variable that an earlier
 * step has set is no input.
 */
export class Inputs {
  #inputs = new Map<string, Input>();
  #assigned = new Set<string>();
  /** Name of an input → that of the room's secret. */
  #secrets: ReadonlyMap<string, string>;
  #given: Settings['inputs'];
  #holding = new SecretVariables();
  #lost: string[] = [];
  /** A file of settings was taken in: a variable that nothing here sets may be set by that. */
  #settled = false;
  #within: Choice | undefined;
  /** Addresses that are written out, and the inputs that they are: the same one is the same input, however it is called where it stands. */
  #written = new Map<string, string>();

  /** @param databases the secrets that hold the URLs of databases: a variable of that name is the same */
  constructor(settings: Pick<Settings, 'inputs' | 'secrets'>, databases: readonly string[] = []) {
    this.#given = settings.inputs;
    const secrets = [...settings.secrets.map((name) => name.toUpperCase()), ...databases];
    this.#secrets = new Map(secrets.map((name) => [name.toLowerCase(), name]));
    for (const [name, value] of Object.entries(settings.inputs)) this.#declare(name, { type: typeOf(value) });
  }

  /** The same inputs for a rollback: what a block of it sets is known to those after it, and to no other rollback. */
  forked(): Inputs {
    const fork = new Inputs({ inputs: {}, secrets: [] });
    fork.#inputs = this.#inputs;
    fork.#given = this.#given;
    fork.#secrets = this.#secrets;
    fork.#lost = this.#lost;
    fork.#assigned = new Set(this.#assigned);
    fork.#holding = this.#holding.copy();
    fork.#settled = this.#settled;
    fork.#written = this.#written;
    return fork;
  }

  /** What is bound meanwhile is needed only where that is chosen. */
  within<T>(choice: Choice | undefined, bind: () => T): T {
    this.#within = choice;
    const bound = bind();
    this.#within = undefined;
    return bound;
  }

  /** Remembers what a script leaves behind for the ones after it. */
  assigned(facts: ShellFacts, bound: Bound): void {
    this.#holding.note(facts, bound);
    for (const name of facts.assignedVariables) this.#assigned.add(name);
    this.#settled ||= settingsTakenIn(facts) !== undefined;
  }

  /** Declares an input that chooses between alternatives, or says whether a case is given. */
  choice({ input, values, preset, says }: ChoiceInput): void {
    this.#declare(input, {
      type: 'string',
      enum: [...values],
      description:
        says === undefined
          ? `One of the ways that the runbook shows: ${values.join(', ')}.`
          : `Answer yes to do what stands below "${says}".`,
      ...(preset === undefined ? {} : { default: preset }),
    });
  }

  /**
   * @param where `FILE:12`, for the description of the inputs
   */
  bind(script: string, facts: ShellFacts | undefined, where: string): Bound {
    if (facts === undefined) return { run: literal(script), env: {} };
    const env: Record<string, JsonValue> = {};
    for (const name of [...facts.freeVariables, ...facts.defaultedVariables]) {
      const held = this.#holding.secretIn(name);
      if (held !== undefined) env[name] = held;
      if (this.#holding.isMade(name)) this.#lost.push(`${where} reads ${name}, which a block before made of a secret`);
    }
    const split = splitBesideDanger(facts);
    for (const name of facts.freeVariables) {
      if (this.#assigned.has(name) || TAKEN.test(name) || this.#isSettled(name, script, facts)) continue;
      const input = this.#besideWritten(name.toLowerCase());
      env[name] = this.#reference(input, `The variable ${name} of ${where}.`);
      if (split.has(name)) this.#toOneWord(input);
    }
    const used = new Set([...facts.freeVariables, ...facts.assignedVariables, ...this.#assigned]);
    let run = '';
    let at = 0;
    for (const { text, name: called, start, end, place, prompted } of facts.placeholders) {
      if (place === 'no' || start < at) continue;
      const name = /^\d/.test(text) ? this.#nameOfWritten(text, called) : this.#besideWritten(called);
      const variable = variableFor(name, used);
      const secret = prompted === true && isSecretName(name);
      env[variable] = secret
        ? secretNamed(name.toUpperCase())
        : this.#reference(name, `Stands for ${text || 'the value'} in ${where}.`);
      run += script.slice(at, start) + (place === 'bare' ? `"$${variable}"` : `\${${variable}}`);
      at = end;
    }
    return { run: literal(run + script.slice(at)), env };
  }

  /** As the plan has them. */
  fields(): { inputSchema?: JsonObject } {
    if (this.#inputs.size === 0) return {};
    const properties = Object.fromEntries([...this.#inputs].map(([name, { schema }]) => [name, schema]));
    const needed = [...this.#inputs].filter(([, input]) => input.required);
    const required = needed.flatMap(([name, { only }]) => (only === undefined ? [name] : []));
    const dependentSchemas = requiredWhere(
      needed.flatMap(([name, { only = [] }]) => only.map((choice) => [name, choice] as const)),
    );
    return { inputSchema: { type: 'object', additionalProperties: false, properties, required, ...dependentSchemas } };
  }

  /** Inputs whose names say that they are secret: their values would be kept in the ledger. */
  secretLooking(): string[] {
    return [...this.#inputs.keys()].filter(isSecretName);
  }

  /** Variables that are read where they are lost: the shell that is carried on leaves out what is made of secrets. */
  lost(): readonly string[] {
    return [...new Set(this.#lost)];
  }

  /** A file of settings that was taken in before may set it; not what the author of the runbook names. */
  #isSettled(variable: string, script: string, facts: ShellFacts): boolean {
    const name = variable.toLowerCase();
    if (this.#secrets.has(name) || this.#given[name] !== undefined) return false;
    if (this.#settled) return true;
    const from = settingsTakenIn(facts);
    return from !== undefined && !variablesRead(script.slice(0, from)).has(variable);
  }

  /** Two addresses are two inputs, though both are set to the same variable. */
  #nameOfWritten(text: string, called: string): string {
    return entry(this.#written, text, () => {
      const taken = new Set(this.#written.values());
      const isFree = (name: string) => !taken.has(name) && (this.#given[name] !== undefined || !this.#inputs.has(name));
      let name = called;
      for (let n = 2; !isFree(name); n += 1) name = `${called}_${n}`;
      return name;
    });
  }

  /** An address may be called by its option, `--host 192.0.2.10`: what is left open under that name, `<host>`, is another one. */
  #besideWritten(called: string): string {
    const written = new Set(this.#written.values());
    let name = called;
    for (let n = 2; written.has(name); n += 1) name = `${called}_${n}`;
    return name;
  }

  #reference(name: string, description: string): string {
    const secret = this.#secrets.get(name);
    if (secret !== undefined) return secretNamed(secret);
    this.#declare(name, { type: 'string', minLength: 1, description });
    return /^(?:in|null|true|false)$/.test(name) ? `{{ inputs["${name}"] }}` : `{{ inputs.${name} }}`;
  }

  /** What the author of the runbook sets stays as it is. */
  #toOneWord(name: string): void {
    const input = this.#inputs.get(name);
    const { type, pattern, description } = input?.schema ?? {};
    if (input === undefined || this.#given[name] !== undefined || type !== 'string' || pattern !== undefined) return;
    const said = typeof description === 'string' ? `${description} ` : '';
    const told = `${said}Beside something that destroys it stands without quotes: one word, no wildcards, no option.`;
    this.#inputs.set(name, { ...input, schema: { ...input.schema, pattern: ONE_WORD, description: told } });
  }

  #declare(name: string, schema: JsonObject): void {
    const known = this.#inputs.get(name);
    if (known !== undefined) {
      const only = this.#within && known.only && [...known.only, this.#within];
      this.#inputs.set(name, { ...known, only });
      return;
    }
    const given = this.#given[name];
    const preset = given === undefined ? schema : { ...schema, type: typeOf(given), default: given };
    const bare = Object.fromEntries(
      Object.entries(preset).filter(([key]) => given === undefined || key !== 'minLength'),
    );
    const required = given === undefined && bare['default'] === undefined;
    this.#inputs.set(name, { schema: bare, required, only: this.#within && [this.#within] });
  }
}

/** JSON Schema has a word that makes an object look like a promise to linters. */
const keyword = (word: string, value: JsonObject): JsonObject => ({ [word]: value });

/** What of a schema says that an input is needed only where a way is taken, or a case is given. */
function requiredWhere(needed: readonly (readonly [string, Choice])[]): { dependentSchemas?: JsonObject } {
  const byInput = new Map<string, Map<string, Set<string>>>();
  for (const [name, { input, value }] of needed)
    entry(
      entry(byInput, input, () => new Map<string, Set<string>>()),
      value,
      () => new Set<string>(),
    ).add(name);
  if (byInput.size === 0) return {};
  const schemas = [...byInput].map(([input, values]) => [
    input,
    {
      allOf: [...values].map(([value, names]) => ({
        if: { properties: { [input]: { const: value } } },
        ...keyword('then', { required: [...names] }),
      })),
    },
  ]);
  return { dependentSchemas: Object.fromEntries(schemas) as JsonObject };
}

function secretNamed(name: string): string {
  return `{{ secrets.${name} }}`;
}

/** The name of the variable for a placeholder, which no script of the plan uses for something else. */
function variableFor(name: string, used: ReadonlySet<string>): string {
  const plain = name.toUpperCase();
  return TAKEN.test(plain) || used.has(plain) ? `INPUT_${plain}` : plain;
}

function typeOf(value: JsonValue): string {
  if (value === null || Array.isArray(value)) return value === null ? 'null' : 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
