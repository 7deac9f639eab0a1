import { checkPlanExpressions, type ExpressionReport } from '#ir/check.js';
import { cleanJson } from '#ir/clean.js';
import { type DagProblem, dagProblems } from '#ir/dag.js';
import { expectedOutputsOf } from '#ir/expected-outputs.js';
import type { JsonValue } from '#ir/json.js';
import { normalisePlan, planDigest } from '#ir/normalise.js';
import type { Plan } from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import { asOpsroomError, type ErrorCode, OpsroomError } from '#kit/errors.js';
import { type Contracts, contractProblems } from './contracts.js';
import { readForm } from './form.js';
import { guardProblems } from './guard-problems.js';
import { missingInputs, schemaProblem } from './inputs.js';
import { refuseManySteps } from './limits.js';
import { MAX_PROBLEMS, PlanProblems, type Problem } from './problems.js';
import { expandSkills } from './skills/expand.js';
import { undoProblems } from './undo-problems.js';
import { type Path, readYaml, type Source } from './yaml.js';

export type PlanInput = { readonly text: string; readonly file: string } | { readonly value: JsonValue };

export interface StepPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where each step stands in the file; nothing for a plan that came as a value. */
export interface SourceMap {
  get(step: string): StepPlace | undefined;
}

export interface Compiled {
  readonly plan: Plan;
  /** See `planDigest`. */
  readonly digest: string;
  readonly source: SourceMap;
  readonly warnings: readonly string[];
  /** What a run will need: names of secrets and of environment variables, and inputs that are required and have no value. */
  readonly needs: {
    readonly secrets: readonly string[];
    readonly env: readonly string[];
    readonly inputs: readonly string[];
  };
}

/**
 * A plan from a file's text or from a value, checked as far as possible without running it. All that is wrong is
 * collected.
 * @param named how warnings name steps; by default by their ids
 * @throws PlanProblems (an OpsroomError) with every problem; OpsroomError PLAN_TOO_LARGE or PLAN_UNREADABLE
 */
export function compilePlan(
  input: PlanInput,
  contracts: Contracts,
  named: (steps: readonly string[]) => string = listed,
): Compiled {
  const source = readSource(input);
  const file = 'file' in input ? input.file : undefined;
  const collector = new Collector(source, file);
  if (source.problems.length > 0) collector.fail();
  refuseManySteps(source.value, file);
  const form = readForm(source.value);
  for (const problem of form.problems) collector.add('PLAN_INVALID', problem, stepAt(source.value, problem.path));
  if (form.plan === undefined) return collector.fail();
  const expanded = expandSkills(form.plan, contracts.skills);
  for (const problem of expanded.problems) collector.add('PLAN_INVALID', problem, problem.step);
  if (expanded.problems.length > 0) return collector.fail();
  const plan = normalisePlan(expanded.plan, (tool) => contracts.tools.get(tool)?.defaultAction);
  const places = new Map([...stepPlaces(source.value), ...expanded.places]);
  const report = checkPlan(plan, contracts, collector, places);
  if (collector.count > 0) return collector.fail();
  return {
    plan,
    digest: planDigest(plan),
    source: sourceMap(source, file, places),
    warnings: warningsOf(plan, named),
    needs: { secrets: report.secrets, env: report.env, inputs: missingInputs(plan) },
  };
}

function readSource(input: PlanInput): Source {
  if ('text' in input) return readYaml(input.text, input.file);
  try {
    return { value: cleanJson(input.value), problems: [], place: () => ({ line: 1, column: 1 }) };
  } catch (error) {
    throw new OpsroomError('PLAN_TOO_LARGE', {
      what: 'The plan has more than 8,388,608 characters or 1,000,000 values, is nested deeper than 100, or is not JSON.',
      cause: asOpsroomError(error),
    });
  }
}

const NOTHING: ExpressionReport = { problems: [], secrets: [], env: [] };

function checkPlan(
  plan: Plan,
  contracts: Contracts,
  collector: Collector,
  places: ReadonlyMap<string, number>,
): ExpressionReport {
  const inSource = (step: string | undefined, path: Path): Path =>
    step === undefined ? path : ['steps', places.get(step) ?? 0, ...path];
  const graph = dagProblems(plan.steps);
  for (const problem of graph) {
    const { code, path, what, mend } = graphProblem(problem, plan);
    collector.add(code, { path: inSource(problem.step, path), what, mend }, problem.step);
  }
  for (const problem of [...contractProblems(plan, contracts), ...guardProblems(plan), ...undoProblems(plan)])
    collector.add('PLAN_INVALID', { ...problem, path: inSource(problem.step, problem.path) }, problem.step);
  schemaProblems(plan, collector, inSource);
  // In a circle, or with two steps of one name, nobody can say which steps have ended before.
  if (graph.some(({ type }) => type !== 'unknown')) return NOTHING;
  const report = checkPlanExpressions(plan, {
    args: (tool) => contracts.tools.get(tool)?.literal ?? [],
    config: (kind) => contracts.verifiers.get(kind)?.literal ?? [],
  });
  for (const problem of report.problems)
    collector.add('PLAN_EXPRESSION', { ...problem, path: inSource(problem.step, problem.path) }, problem.step);
  return report;
}

interface GraphProblem {
  readonly code: ErrorCode;
  readonly path: Path;
  readonly what: string;
  readonly mend: string;
}

function graphProblem(problem: DagProblem, plan: Plan): GraphProblem {
  if (problem.type === 'cycle') {
    const what = `the steps depend on each other in a circle: ${cycleText(problem.path)}`;
    return { code: 'PLAN_CYCLE', path: ['dependsOn'], what, mend: 'Remove one dependsOn of the circle.' };
  }
  if (problem.type === 'duplicate') {
    const what = `two steps are called "${problem.step}"`;
    return { code: 'PLAN_INVALID', path: ['id'], what, mend: 'Give one of them another id.' };
  }
  const ids = plan.steps.map(({ id }) => id);
  const what = `there is no step "${problem.missing}"`;
  return { code: 'PLAN_INVALID', path: ['dependsOn', problem.at], what, mend: didYouMean(problem.missing, ids) };
}

function cycleText(path: readonly string[]): string {
  if (path.length <= 20) return path.join(' → ');
  return [...path.slice(0, 10), `… ${path.length - 15} more …`, ...path.slice(-5)].join(' → ');
}

function schemaProblems(
  plan: Plan,
  collector: Collector,
  inSource: (step: string | undefined, path: Path) => Path,
): void {
  const check = (schema: Plan['inputSchema'], step: string | undefined, path: Path) => {
    const what = schema === undefined ? undefined : schemaProblem(schema);
    if (what !== undefined)
      collector.add(
        'PLAN_INVALID',
        { path: inSource(step, path), what, mend: 'Write it as JSON Schema, draft 2020-12.' },
        step,
      );
  };
  check(plan.inputSchema, undefined, ['inputSchema']);
  for (const step of plan.steps) check(step.outputSchema, step.id, ['outputSchema']);
  for (const expected of expectedOutputsOf(plan))
    if (expected.form === 'schema') check(expected.schema, undefined, ['expectedOutputs', expected.name]);
}

/** Gives problems their place, and throws them together. */
class Collector {
  readonly #problems: Problem[];
  readonly #source: Source;
  readonly #file: string | undefined;
  count: number;

  constructor(source: Source, file: string | undefined) {
    this.#source = source;
    this.#file = file;
    this.#problems = [...source.problems];
    this.count = this.#problems.length;
  }

  add(
    code: ErrorCode,
    found: { path: Path; what: string; mend: string; find?: string | undefined },
    step: string | undefined,
  ): void {
    this.count++;
    if (this.#problems.length >= MAX_PROBLEMS) return;
    const place = this.#file === undefined ? {} : { file: this.#file, ...this.#source.place(found.path, found.find) };
    this.#problems.push({
      code,
      what: found.what,
      mend: found.mend,
      ...place,
      ...(step === undefined ? {} : { step }),
    });
  }

  fail(): never {
    const [first, ...rest] = this.#problems.toSorted(
      (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    if (first === undefined) throw new OpsroomError('PLAN_INVALID');
    throw new PlanProblems([first, ...rest], this.count);
  }
}

/** Step id → its place in the file's list of steps (the plan may be in another order). The first of two counts. */
function stepPlaces(value: JsonValue): ReadonlyMap<string, number> {
  const steps = stepList(value).map((step, i): [string, number] => [idOf(step) ?? '', i]);
  return new Map(steps.reverse());
}

/** The places are read at the first question, all at once, so that the document behind them can be let go. */
function sourceMap(source: Source, file: string | undefined, places: ReadonlyMap<string, number>): SourceMap {
  if (file === undefined) return new Map();
  let read: (() => ReadonlyMap<string, StepPlace>) | undefined = () =>
    new Map([...places].map(([step, place]) => [step, { file, ...source.place(['steps', place]) }]));
  let known: ReadonlyMap<string, StepPlace> = new Map();
  return {
    get(step) {
      if (read !== undefined) known = read();
      read = undefined;
      return known.get(step);
    },
  };
}

function stepAt(value: JsonValue, path: Path): string | undefined {
  return path[0] === 'steps' && typeof path[1] === 'number' ? idOf(stepList(value)[path[1]]) : undefined;
}

function stepList(value: JsonValue): JsonValue[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  const steps = value['steps'];
  return Array.isArray(steps) ? steps : [];
}

function idOf(step: JsonValue | undefined): string | undefined {
  if (step === null || typeof step !== 'object' || Array.isArray(step)) return undefined;
  return typeof step['id'] === 'string' ? step['id'] : undefined;
}

function warningsOf(plan: Plan, named: (steps: readonly string[]) => string): string[] {
  const bare = plan.steps
    .filter(
      (step) =>
        step.kind === 'tool' && step.outputSchema === undefined && !step.verifiers.some(({ required }) => required),
    )
    .map(({ id }) => id);
  const warnings =
    bare.length === 0 ? [] : [`No required verifier: ${named(bare)}. Such a step ends as "exit code only".`];
  const unreached = plan.steps.filter(isUnreached).map(({ id }) => id);
  if (unreached.length > 0)
    warnings.push(
      `Nothing reaches what the isolated server listens on: ${named(unreached)}. Say \`network: true\` in its sandbox, or its \`ready\` never comes.`,
    );
  const orphans = expectedOutputsOf(plan).flatMap((expected) =>
    expected.form === 'schema' && expected.steps.length === 0 ? [expected.name] : [],
  );
  if (orphans.length > 0)
    warnings.push(`No step has an output called ${listed(orphans)}, so expectedOutputs cannot be checked there.`);
  return warnings;
}

/** Off the network, a process has a loopback of its own: what looks from outside whether it answers waits in vain. */
function isUnreached({ tool, action, args, sandbox }: Plan['steps'][number]): boolean {
  if (tool !== 'shell' || action !== 'background' || sandbox === undefined || sandbox.network) return false;
  const { ready } = args;
  if (ready === null || typeof ready !== 'object' || Array.isArray(ready)) return false;
  const { url } = ready;
  return 'port' in ready || (typeof url === 'string' && HERE.test(url));
}

const HERE = /^https?:\/\/(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|$)/i;

function listed(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}
