import { dirname } from 'node:path';
import { z } from 'zod';
import { type Compiled, compilePlan } from '#compile/compile.js';
import type { Contracts } from '#compile/contracts.js';
import { readLock } from '#compile/runbook/review.js';
import { type CompiledRunbook, compileRunbook } from '#compile/runbook/runbook.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { templateName } from '../templates/name.js';
import { thisMachine } from './machine.js';

const json: z.ZodType<JsonValue> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

/** A plan as doors take it: the text of a file, a value, or a template by its name. */
export const planInput = z.union([
  z.strictObject({
    text: z.string(),
    /** Its name in messages; when absolute, its folder is where an `inplace` plan works. `.md` and `.markdown` are runbooks. */
    file: z.string().default('plan.yaml'),
    /** Of a runbook: the anchor of the section that is meant. */
    section: z.string().optional(),
    /** Of a runbook: the text of its lock file. */
    lock: z.string().optional(),
    /** Of a runbook: refuse checks that state no expectation. */
    strict: z.boolean().optional(),
  }),
  z.strictObject({ value: json }),
  z.strictObject({ template: templateName }),
]);
/** A plan as it is asked for: `planAsked` reads the text of a template. */
export type PlanAsked = z.output<typeof planInput>;
/** A plan as it is compiled. */
export type PlanGiven = Exclude<PlanAsked, { readonly template: string }>;

/** Whether a file of this name is read as a runbook. */
export function isRunbook(file: string): boolean {
  return /\.(?:md|markdown)$/i.test(file);
}

/**
 * Compiles what was given; a runbook's choices are preset by what this machine has.
 * @throws PlanProblems; OpsroomError PLAN_TOO_LARGE, PLAN_UNREADABLE, and of runbooks RUNBOOK_*
 */
export async function compileGiven(given: PlanGiven, contracts: Contracts): Promise<Compiled | CompiledRunbook> {
  if (!('text' in given) || !isRunbook(given.file)) return compilePlan(given, contracts);
  const { lock, ...runbook } = given;
  const read = lock === undefined ? undefined : readLock(lock, `${given.file}.lock`);
  return compileRunbook({ ...runbook, machine: thisMachine(), lock: read }, contracts);
}

/** The folder that a plan came from, when it came from one. */
export function folderOf(given: PlanGiven): string | undefined {
  return 'file' in given && given.file.startsWith('/') ? dirname(given.file) : undefined;
}
