import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { compilePlan } from '#compile/compile.js';
import type { Contracts } from '#compile/contracts.js';
import type { Machine } from '#compile/runbook/blocks/machine.js';
import { AGENT_PRESETS } from '#compile/speckit/agents.js';
import { isTaskList, isWorkflow } from '#compile/speckit/bundle.js';
import type { Doer } from '#compile/speckit/hand-over.js';
import type { CompiledSpecKit } from '#compile/speckit/speckit.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { isGithubServer, REPO_PATTERN } from '#ir/repository.js';
import type { MadeContracts } from '../made-contracts.js';
import { templateName } from '../templates/name.js';
import { compileAside } from './compile-aside.js';
import type { AnyCompiled } from './compiled.js';
import { isLarge } from './large.js';
import { machineWith, searchPath } from './machine.js';

/** What a door has read as JSON. It is not walked once more: a schema takes seconds for a million values, and the compiler counts them. */
const json = z
  .unknown()
  .refine((value) => value !== undefined, { error: 'is missing', abort: true }) as z.ZodType as z.ZodType<JsonValue>;
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

/** A program and its arguments, which no shell reads. */
const programInput = z.tuple([z.string().min(1)], z.string());

/** Who does the tasks of a task list; without it, a person does. */
const doerInput = z.union([
  z.strictObject({ agent: z.literal(true), preset: z.enum(AGENT_PRESETS).optional() }),
  /** A program and its arguments, which no shell reads; it gets the task by its environment and its standard input. */
  z.strictObject({ argv: programInput }),
]);

/** Where a pull request is opened. */
export const pullRequestInput = z.strictObject({
  repo: z.string().regex(REPO_PATTERN, 'a repository is written owner/name'),
  /** Of a GitHub Enterprise Server: `https://HOST/api/v3`. */
  githubUrl: z.string().max(2000).refine(isGithubServer, 'a server is written https://HOST/api/v3').optional(),
});

/** The files of a Spec Kit bundle, with their paths relative to the folder that they are in. */
const bundleInput = z.strictObject({
  bundle: z
    .array(z.strictObject({ path: z.string().min(1).max(1000), text: z.string() }))
    .min(1)
    .max(500),
  /** Absolute path of the folder, where the tasks are done; needed where a program or an agent does them. */
  folder: z.string().optional(),
  doer: doerInput.optional(),
  /** A program and its arguments that must end with exit code 0 after each task. */
  check: programInput.optional(),
  /** The plan ends with a pull request there; `GITHUB_TOKEN` is the secret that pushes and opens it. */
  pullRequest: pullRequestInput.optional(),
  /** Tasks that are ticked become steps, too. */
  all: z.boolean().optional(),
  /** Refuse ids given twice, dependencies on nothing, and what contradicts itself. */
  strict: z.boolean().optional(),
});

/** The plan itself, in the place of `{"value": …}`: what a program writes that never read how a plan is given. */
const planItself = z
  .record(z.string(), json)
  .refine((plan) => Object.hasOwn(plan, 'steps') || Object.hasOwn(plan, 'apiVersion'), {
    error: 'must have "steps", as the plan itself',
    abort: true,
  })
  .transform((value): { readonly value: JsonValue } => ({ value }))
  .describe('The plan itself.');

const FENCED = /^([ \t]*)(```|~~~)[^\n]*\n(?:(?!\1\2)[^\n]*\n)*\1\2/gm;

/** Nothing of YAML begins a line with a fence, but in a text that a plan holds; what a fence shows may be of Kubernetes. */
const isMarkdown = (text: string): boolean =>
  /^[ \t]*(?:```|~~~)/m.test(text) && !/^(?:apiVersion|steps)\s*:/m.test(text.replaceAll(FENCED, ''));

const textInput = z
  .strictObject({
    text: z.string(),
    /** When absolute, its folder is where an `inplace` plan works. `tasks.md` is a task list of Spec Kit. */
    file: z.string().optional().describe('Its name. By `.md` it is a runbook.'),
    section: z.string().optional().describe('Of a runbook: the anchor of the heading that is meant.'),
    /** Of a runbook: the text of its lock file. */
    lock: z.string().optional(),
    /** Of a runbook: refuse checks that state no expectation. */
    strict: z.boolean().optional(),
  })
  .transform(({ file, ...given }) => ({
    ...given,
    file:
      file ??
      (given.section !== undefined || given.lock !== undefined || isMarkdown(given.text) ? 'runbook.md' : 'plan.yaml'),
  }));

/** A plan as doors take it: the text of a file, a value or the plan itself, a template by its name, or the files of a Spec Kit bundle. */
export const planInput = z.union([
  textInput,
  z.strictObject({ value: json }),
  z.strictObject({ template: templateName }),
  bundleInput,
  planItself,
]);
/** A plan as it is asked for: `planAsked` reads the text of a template. */
export type PlanAsked = z.output<typeof planInput>;
/** A plan as it is compiled. */
export type PlanGiven = Exclude<PlanAsked, { readonly template: string }>;

/** Whether a file of this name is read as a runbook. */
export function isRunbook(file: string): boolean {
  return /\.(?:md|markdown)$/i.test(file) && !isTaskList(file);
}

/**
 * Compiles what was given; a runbook's choices are preset by what this machine has. What is large is compiled in another thread, where
 * the contracts say what they are made of: a room has others to answer.
 * @throws as `compileHere`; OpsroomError TOO_MANY_REQUESTS while many large ones wait
 */
export function compileGiven(given: PlanGiven, contracts: MadeContracts): Promise<AnyCompiled> {
  const { grounds } = contracts;
  const path = searchPath();
  if (grounds !== undefined && isLarge(given)) return compileAside({ given: JSON.stringify(given), grounds, path });
  return compileHere(given, contracts, machineWith(path));
}

/** The compilers of documents are loaded by the first: a room starts without them. */
const runbooks = async () => ({
  ...(await import('#compile/runbook/review/review.js')),
  ...(await import('#compile/runbook/runbook.js')),
});
const speckit = () => import('#compile/speckit/speckit.js');

/**
 * Compiles it in this thread.
 * @throws PlanProblems; OpsroomError PLAN_TOO_LARGE, PLAN_UNREADABLE, of runbooks RUNBOOK_*, of task lists SPECKIT_*
 */
export async function compileHere(given: PlanGiven, contracts: Contracts, machine: Machine): Promise<AnyCompiled> {
  if ('bundle' in given) return compileBundle(given, contracts);
  if (!('text' in given)) return compilePlan(given, contracts);
  if (isTaskList(given.file) || isWorkflow({ path: given.file, text: given.text })) {
    const { text, file, strict } = given;
    const { compileSpecKit } = await speckit();
    return compileSpecKit({ files: [{ path: basename(file), text }], strict }, contracts);
  }
  if (!isRunbook(given.file)) return compilePlan(given, contracts);
  const { compileRunbook, readLock } = await runbooks();
  const { lock, ...runbook } = given;
  const read = lock === undefined ? undefined : readLock(lock, `${given.file}.lock`);
  return compileRunbook({ ...runbook, machine, lock: read }, contracts);
}

async function compileBundle(
  given: Extract<PlanGiven, { bundle: unknown }>,
  contracts: Contracts,
): Promise<CompiledSpecKit> {
  const { compileSpecKit } = await speckit();
  const { bundle: files, doer, check, pullRequest, all, strict } = given;
  return compileSpecKit({ files, doer: doer satisfies Doer, check, pullRequest, all, strict }, contracts);
}

/** The folder that a plan came from, when it came from one. */
export function folderOf(given: PlanGiven): string | undefined {
  if ('bundle' in given) return given.folder;
  return 'file' in given && given.file.startsWith('/') ? dirname(given.file) : undefined;
}
