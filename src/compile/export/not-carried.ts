import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, RollbackStep, Step, Verifier } from '#ir/plan.js';
import { isObject } from './github-text.js';

/** Of each member whether a form says it, or says itself that it cannot. A member that is new must be decided about here. */
type Carries<T> = { readonly [K in keyof Required<T>]: boolean };

/** What one form carries over. */
export interface Carried {
  readonly plan: Carries<Plan>;
  readonly step: Carries<Step>;
  readonly rollback: Carries<RollbackStep>;
  readonly verifier: Carries<Verifier>;
  /** Keywords of the schema of an input. */
  readonly input: ReadonlySet<string>;
  /** Arguments that are left out in silence otherwise, by tool. */
  readonly lostArgs: Readonly<Record<string, readonly string[]>>;
  /** The same of checks, by kind. */
  readonly lostConfig: Readonly<Record<string, readonly string[]>>;
}

/**
 * What a plan says that a form does not, one member in a line: `retryPolicy of build, release`. Members at their defaults say nothing.
 */
export function notCarried(plan: Plan, carried: Carried): string[] {
  const lost = new Lost();
  lost.members(plan, carried.plan, undefined);
  for (const [name, property] of inputsOf(plan))
    for (const keyword of Object.keys(property))
      if (!carried.input.has(keyword)) lost.add(`inputSchema ${oneLine(keyword)}`, `the input ${oneLine(name)}`);
  for (const step of plan.steps) {
    lost.members(step, carried.step, step.id);
    lost.call(step, step.id, carried);
    for (const back of step.rollback ?? []) {
      const id = `${step.id}/${back.id}`;
      lost.members(back, carried.rollback, id);
      lost.call(back, id, carried);
    }
  }
  return lost.lines();
}

/** Members that say nothing: what a plan has when it does not say them. */
const USUAL: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['version', '1.0.0'],
  ['kind', 'ops'],
  ['onFailure', 'rollback'],
  ['onCancel', 'stop'],
]);

class Lost {
  readonly #of = new Map<string, string[]>();

  add(field: string, owner: string | undefined): void {
    const owners = this.#of.get(field) ?? [];
    this.#of.set(field, owner === undefined ? owners : [...owners, owner]);
  }

  members<T extends object>(of: T, carries: Carries<T>, owner: string | undefined): void {
    for (const [name, isCarried] of Object.entries(carries)) {
      const value = (of as Readonly<Record<string, JsonValue | undefined>>)[name];
      if (isCarried === false && isSaid(value) && value !== USUAL.get(name)) this.add(name, owner);
    }
  }

  call(step: Step | RollbackStep, id: string, carried: Carried): void {
    for (const name of carried.lostArgs[step.tool ?? ''] ?? [])
      if (step.args[name] !== undefined) this.add(`args.${name}`, id);
    for (const verifier of step.verifiers) {
      const check = `the check ${id}/${verifier.id}`;
      this.members(verifier, carried.verifier, check);
      for (const name of carried.lostConfig[verifier.kind] ?? [])
        if (verifier.config[name] !== undefined) this.add(`config.${name}`, check);
    }
  }

  lines(): string[] {
    return [...this.#of].map(([field, owners]) => (owners.length === 0 ? field : `${field} of ${owners.join(', ')}`));
  }
}

function isSaid(value: JsonValue | undefined): boolean {
  if (value === undefined || value === '') return false;
  return typeof value !== 'object' || value === null || Object.keys(value).length > 0;
}

function inputsOf({ inputSchema }: Plan): [string, JsonObject][] {
  const properties = isObject(inputSchema) ? inputSchema['properties'] : undefined;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]): [string, JsonObject][] =>
    isObject(property) ? [[name, property]] : [],
  );
}

const oneLine = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_.-]+/gu, ' ').slice(0, 100);
