import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { type Compiled, compilePlan } from '../../compile.js';
import type { Contracts } from '../../contracts.js';
import { literal } from '../../literal.js';
import { PlanProblems, type Problem } from '../../problems.js';
import type { Explanation } from '../../runbook/assemble/explain.js';
import { placeText } from '../../runbook/assemble/step.js';
import { Ids } from '../../runbook/blocks/names.js';
import { type Path, readYaml, type Source } from '../../yaml.js';
import type { BundleFile } from '../bundle.js';
import { clip, gapEntry } from '../explanation.js';
import type { Doer } from '../hand-over.js';
import { Untold } from './expressions.js';
import {
  branchesOf,
  byHand,
  isObject,
  type Left,
  type Made,
  type Making,
  madeOf,
  typeOf,
  type Written,
} from './steps.js';

export interface CompiledWorkflow extends Compiled {
  readonly explanation: Explanation;
}

/**
 * A workflow of Spec Kit (schema 1.0) as a plan: its steps one after the other, those of `if` and `switch` under their conditions.
 * A person does what has no counterpart; what is left out is told with its line.
 *
 * @throws PlanProblems with the lines of the file; OpsroomError SPECKIT_EMPTY, PLAN_TOO_LARGE, PLAN_UNREADABLE
 */
export function compileWorkflow(file: BundleFile, doer: Doer, contracts: Contracts): CompiledWorkflow {
  const source = readYaml(file.text, file.path);
  const [first, ...rest] = source.problems;
  if (first !== undefined) throw new PlanProblems([first, ...rest]);
  return new Workflow(file, source, doer).compile(contracts);
}

/** More is no workflow that somebody wrote. */
const MOST_NESTED = 50;
const SAID: ReadonlySet<string> = new Set(['schema_version', 'workflow', 'inputs', 'steps']);
const NAMED: ReadonlySet<string> = new Set(['id', 'name', 'version', 'author', 'description']);

class Workflow {
  readonly #file: BundleFile;
  readonly #source: Source;
  readonly #doer: Doer;
  readonly #whole: JsonObject;
  readonly #ids = new Ids();
  readonly #inputs = new Map<string, string>();
  readonly #programs = new Map<string, string>();
  readonly #seen = new Set<string>();
  readonly #made: { readonly made: Made; readonly step: string; readonly value: JsonObject }[] = [];
  readonly #left: Left[] = [];

  constructor(file: BundleFile, source: Source, doer: Doer) {
    this.#file = file;
    this.#source = source;
    this.#doer = doer;
    this.#whole = isObject(source.value) ? source.value : {};
  }

  compile(contracts: Contracts): CompiledWorkflow {
    const { schema_version: schema = '1.0', workflow, steps } = this.#whole;
    if (schema !== '1.0' && schema !== 1)
      throw this.#wrong(['schema_version'], `the schema ${JSON.stringify(schema)} is not known; 1.0 is`);
    const named = isObject(workflow) ? workflow : {};
    const inputSchema = this.#inputSchema();
    if (!Array.isArray(steps)) throw this.#wrong(['steps'], '"steps" is no list');
    this.#walk(steps, ['steps'], []);
    if (this.#made.length === 0)
      throw new OpsroomError('SPECKIT_EMPTY', { what: 'The workflow has no step.', where: this.#file.path });
    this.#leaveOthers(named);
    const value = this.#plan(named, inputSchema);
    return { ...this.#compiled(value, contracts), explanation: this.#explanation() };
  }

  #walk(steps: readonly JsonValue[], path: Path, conditions: readonly string[]): void {
    if (path.length > MOST_NESTED) throw this.#wrong(path, 'it is nested too deep');
    for (const [place, step] of steps.entries()) this.#one(step, [...path, place], conditions);
  }

  #one(step: JsonValue, path: Path, conditions: readonly string[]): void {
    if (!isObject(step)) throw this.#wrong(path, 'a step is a mapping');
    const { id } = step;
    if (typeof id !== 'string' || !/^[^\s:]{1,100}$/.test(id))
      throw this.#wrong(path, 'a step has an `id`, without ":"');
    if (this.#seen.has(id)) throw this.#wrong([...path, 'id'], `two steps are called "${id}"`);
    this.#seen.add(id);
    const written = { step, id, path, conditions };
    const type = typeOf(step);
    if (type === 'if' || type === 'switch') return this.#branch(written);
    if (type === 'fan-in' || type === 'slot') {
      const why = type === 'slot' ? 'nothing fills it here' : 'steps follow each other, so there is nothing to join';
      this.#left.push({ path, rule: type, why, text: id });
      return;
    }
    this.#keep(written, madeOf(written, this.#making()));
  }

  #branch(written: Written): void {
    const { step, path, conditions } = written;
    try {
      for (const { key, steps, condition } of branchesOf(step, this.#making().names)) {
        if (!Array.isArray(steps)) throw this.#wrong([...path, ...key], 'it is no list of steps');
        this.#walk(steps, [...path, ...key], [...conditions, condition]);
      }
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      this.#keep(written, byHand(written, `there is no counterpart of ${clip(error.message, 100)}`));
    }
  }

  #making(): Making {
    const names = { inputs: this.#inputs, programs: this.#programs };
    return { names, doer: this.#doer, left: (left) => this.#left.push(left) };
  }

  #keep({ id, conditions }: Written, made: Made): void {
    const step = this.#ids.take(id.replaceAll(/[^A-Za-z0-9_-]/g, '-'));
    if (made.body['tool'] === 'shell') this.#programs.set(id, step);
    const before = this.#made.at(-1)?.step;
    const line = this.#line(made.path);
    const value = {
      id: step,
      title: literal(clip(`${id}: ${made.text}`, 200)).replaceAll(/\{\{\{\{([^{}]*)\}\}/g, '‹$1›'),
      description: placeText(this.#file.path, { from: line, to: line }),
      ...made.body,
      ...(conditions.length === 0 ? {} : { if: joined(conditions) }),
      dependsOn: before === undefined ? [] : [before],
    };
    this.#made.push({ made, step, value });
  }

  #inputSchema(): JsonObject | undefined {
    const { inputs = {} } = this.#whole;
    if (!isObject(inputs)) throw this.#wrong(['inputs'], '"inputs" is no mapping');
    const entries = Object.entries(inputs);
    const properties = entries.map(([name, input]): [string, JsonObject] => {
      if (!isObject(input)) throw this.#wrong(['inputs', name], 'an input is a mapping');
      const { type = 'string', prompt, default: usual, enum: choices, required, ...others } = input;
      if (type !== 'string' && type !== 'number' && type !== 'boolean')
        throw this.#wrong(['inputs', name, 'type'], 'an input is a string, a number or a boolean');
      this.#inputs.set(name, type);
      for (const member of Object.keys(others))
        this.#left.push({
          path: ['inputs', name, member],
          rule: 'member',
          why: 'an input has nothing of the kind',
          text: member,
        });
      const isLeftOpen = usual === undefined && required !== true;
      return [
        name,
        {
          type,
          ...(Array.isArray(choices) ? { enum: choices } : {}),
          ...(typeof prompt === 'string' ? { description: prompt } : {}),
          ...(usual === undefined ? {} : { default: usual }),
          // There, what nobody gives is empty.
          ...(isLeftOpen && type === 'string' && !Array.isArray(choices) ? { default: '' } : {}),
        },
      ];
    });
    if (properties.length === 0) return undefined;
    const required = entries.flatMap(([name, input]) => (isObject(input) && input['required'] === true ? [name] : []));
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
    };
  }

  #leaveOthers(named: JsonObject): void {
    for (const [name, value] of Object.entries(this.#whole))
      if (!SAID.has(name))
        this.#left.push({
          path: [name],
          rule: 'member',
          why: 'a plan has nothing of the kind',
          text: `${name}: ${JSON.stringify(value)}`,
        });
    for (const [name, value] of Object.entries(named))
      if (!NAMED.has(name))
        this.#left.push({
          path: ['workflow', name],
          rule: 'member',
          why: 'who does the steps is said by --with',
          text: `${name}: ${JSON.stringify(value)}`,
        });
  }

  #plan({ id, name, version, author, description }: JsonObject, inputSchema: JsonObject | undefined): JsonObject {
    const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value.trim() : '');
    return {
      apiVersion: 'opsroom/v1',
      kind: 'spec',
      title: literal(clip(text(name) || text(id) || this.#file.path, 300)),
      description: text(description),
      ...(inputSchema === undefined ? {} : { inputSchema }),
      steps: this.#made.map(({ value }) => value),
      workspace: { kind: 'inplace' },
      metadata: {
        source: this.#file.path,
        ...(text(author) === '' ? {} : { author: text(author) }),
        workflow: { id: text(id), version: text(version) },
      },
    };
  }

  #compiled(value: JsonObject, contracts: Contracts): Compiled {
    const places = new Map(this.#made.map(({ step, made }) => [step, this.#line(made.path)]));
    const file = this.#file.path;
    const warnings = this.#made.flatMap(({ made }) =>
      made.rule === 'by-hand' ? [`${file}:${this.#line(made.path)}: ${made.id}: ${made.why}`] : [],
    );
    try {
      const compiled = compilePlan({ value }, contracts);
      const source = new Map([...places].map(([step, line]) => [step, { file, line, column: 1 }]));
      return { ...compiled, source, warnings: [...warnings, ...compiled.warnings] };
    } catch (error) {
      if (!(error instanceof PlanProblems)) throw error;
      const [first, ...rest] = error.problems.map((problem): Problem => {
        const line = problem.step === undefined ? undefined : places.get(problem.step);
        return { ...problem, file, ...(line === undefined ? {} : { line }) };
      });
      throw first === undefined ? error : new PlanProblems([first, ...rest]);
    }
  }

  #explanation(): Explanation {
    const at = (path: Path) => ({ from: this.#line(path), to: this.#line(path) });
    const steps = this.#made.map(({ made: { path, label, rule, why, text }, step }) => ({
      id: step,
      label,
      lines: at(path),
      rule,
      why,
      firstLine: clip(text, 100),
      background: false,
      ask: undefined,
      weak: false,
    }));
    const leftOut = this.#left.map(({ path, ...said }) => gapEntry(at(path), said));
    return { steps, leftOut: leftOut.sort((a, b) => a.lines.from - b.lines.from), questions: [], warnings: [] };
  }

  #line(path: Path): number {
    return this.#source.place(path).line;
  }

  #wrong(path: Path, what: string): PlanProblems {
    const mend = 'Correct the workflow; `specify workflow info FILE` checks it as well.';
    return new PlanProblems([{ code: 'PLAN_INVALID', what, mend, file: this.#file.path, ...this.#source.place(path) }]);
  }
}

const joined = (conditions: readonly string[]): string =>
  conditions.length === 1 ? (conditions[0] ?? 'true') : conditions.map((one) => `(${one})`).join(' && ');
