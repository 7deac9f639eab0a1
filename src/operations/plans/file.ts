import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { coerceCliInputs, resolveInputs } from '#compile/inputs.js';
import { readYaml } from '#compile/yaml.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { builtIn } from '../contracts.js';
import { projectHere } from '../project.js';
import { requireTemplate } from '../templates/find.js';
import { templateOf } from '../templates/name.js';
import { type BundleOptions, readBundleGiven } from './bundle-files.js';
import { type CompiledView, showCompiled } from './compile.js';
import { unseenProblem } from './gate.js';
import { compileGiven, isRunbook, type PlanGiven } from './input.js';
import { readText } from './read-text.js';
import { elsewhereWarning } from './works-in.js';

/** A plan file as a command line names it, read, and compiled without a room. */
export interface ReadPlan {
  readonly given: PlanGiven;
  readonly plan: Plan;
  readonly view: CompiledView;
  /** See `unseenProblem`. */
  readonly unseen: OpsroomError | undefined;
}

/**
 * Reads and compiles a plan file, a runbook with the lock that lies beside it, or a folder with a Spec Kit bundle.
 *
 * @param name a path relative to the current folder, of a runbook also `FILE.md#section`, or `template:NAME`; messages name it as it was typed
 * @throws PlanProblems; OpsroomError PLAN_UNREADABLE, PLAN_TOO_LARGE, RUNBOOK_*, SPECKIT_*
 */
export async function readPlan(name: string, options: BundleOptions = {}): Promise<ReadPlan> {
  const template = templateOf(name);
  const { path, section } = splitName(name);
  const bundle = template === undefined ? await readBundleGiven(path, options) : undefined;
  if (bundle !== undefined) return readGiven(bundle);
  refuseTaskOptions(name, options);
  if (template !== undefined) return readTemplate(template);
  const text = await readText(path, 'PLAN_UNREADABLE');
  const lock = isRunbook(path) ? await readLockText(path) : undefined;
  const typed: PlanGiven = {
    text,
    file: path,
    ...(section === undefined ? {} : { section }),
    ...(lock === undefined ? {} : { lock }),
    ...(options.strict === true ? { strict: true } : {}),
  };
  const compiled = await compileGiven(typed, await contractsHere());
  const view = showCompiled(compiled);
  const elsewhere = await elsewhereWarning(compiled, path);
  return {
    given: { ...typed, file: resolve(path) },
    plan: compiled.plan,
    view: elsewhere === undefined ? view : { ...view, warnings: [elsewhere, ...view.warnings] },
    unseen: unseenProblem(compiled, typed),
  };
}

/** Compiles the text of a document as the runbook that it is. @throws as `readPlan` */
export async function readPlanText(text: string, file: string): Promise<ReadPlan> {
  return readGiven({ text, file });
}

function refuseTaskOptions(name: string, { doer, check, pullRequest, all }: BundleOptions): void {
  if (doer === undefined && check === undefined && pullRequest === undefined && all !== true) return;
  const what = '--with, --check, --pull-request and --all are for task lists of Spec Kit.';
  throw new OpsroomError('USAGE', { what, where: name, mend: 'Name a folder with a tasks.md in it.' });
}

async function readGiven(given: PlanGiven): Promise<ReadPlan> {
  const compiled = await compileGiven(given, await contractsHere());
  return { given, plan: compiled.plan, view: showCompiled(compiled), unseen: unseenProblem(compiled, given) };
}

const contractsHere = async () => builtIn({ project: await projectHere() }).contracts;

/** A template of the project that the current folder belongs to, or of the package. */
async function readTemplate(name: string): Promise<ReadPlan> {
  const { given } = await requireTemplate(await projectHere(), name);
  const compiled = await compileGiven(given, await contractsHere());
  return { given, plan: compiled.plan, view: showCompiled(compiled), unseen: undefined };
}

/** `ops/rotate.md#rotate` as its two parts. A `#` in the name of another file is a part of the name. */
export function splitName(name: string): { readonly path: string; readonly section: string | undefined } {
  const at = name.lastIndexOf('#');
  const path = name.slice(0, Math.max(at, 0));
  return at > 0 && isRunbook(path) ? { path, section: name.slice(at + 1) } : { path: name, section: undefined };
}

/** Where the review of a runbook is kept. */
export function lockPath(path: string): string {
  return `${path}.lock`;
}

/** Undefined when the file was never reviewed. */
export async function readLockText(path: string): Promise<string | undefined> {
  const found = await stat(lockPath(path)).catch(() => undefined);
  return found === undefined ? undefined : readText(lockPath(path), 'RUNBOOK_LOCK');
}

/**
 * The inputs of a command line: those of a file (YAML or JSON), overridden by `NAME=VALUE` pairs, which are read as the
 * plan's schema declares them.
 * @throws OpsroomError INPUT_INVALID
 */
export async function readInputs(
  plan: Pick<Plan, 'inputSchema'>,
  pairs: readonly string[],
  file: string | undefined,
): Promise<JsonObject> {
  const given = Object.fromEntries(pairs.map(splitPair));
  const fromFile = file === undefined ? {} : await inputsOf(file);
  return { ...fromFile, ...coerceCliInputs(plan.inputSchema, given) };
}

/**
 * Refuses inputs that a run would be refused for, before anything else is said.
 * @throws OpsroomError INPUT_INVALID
 */
export function checkInputs(plan: Plan, inputs: JsonObject): void {
  resolveInputs(plan, inputs);
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new OpsroomError('INPUT_INVALID', { what: `--input takes NAME=VALUE, not "${pair.slice(0, 100)}".` });
}

async function inputsOf(path: string): Promise<JsonObject> {
  const { value, problems } = readYaml(await readText(path, 'INPUT_INVALID'), path);
  const [problem] = problems;
  if (problem) {
    const where = `${path}:${problem.line ?? 1}:${problem.column ?? 1}`;
    throw new OpsroomError('INPUT_INVALID', { what: problem.what, where, mend: problem.mend });
  }
  if (isObject(value)) return value;
  throw new OpsroomError('INPUT_INVALID', {
    what: 'The file of inputs is not an object of NAME: VALUE.',
    where: path,
    mend: 'Write each input on a line of its own: NAME: VALUE.',
  });
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
