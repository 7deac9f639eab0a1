import { dirname } from 'node:path';
import { z } from 'zod';
import { type Compiled, compilePlan } from '#compile/compile.js';
import type { Contracts } from '#compile/contracts.js';
import type { JsonObject, JsonValue } from '#ir/json.js';

const json: z.ZodType<JsonValue> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

/** A plan as doors take it: the text of a file, or a value. */
export const planInput = z.union([
  z.strictObject({
    text: z.string(),
    /** Its name in messages; when absolute, its folder is where an `inplace` plan works. */
    file: z.string().default('plan.yaml'),
  }),
  z.strictObject({ value: json }),
]);
export type PlanGiven = z.output<typeof planInput>;

/** @throws PlanProblems; OpsroomError PLAN_TOO_LARGE, PLAN_UNREADABLE */
export function compileGiven(given: PlanGiven, contracts: Contracts): Compiled {
  return compilePlan(given, contracts);
}

/** The folder that a plan came from, when it came from one. */
export function folderOf(given: PlanGiven): string | undefined {
  return 'file' in given && given.file.startsWith('/') ? dirname(given.file) : undefined;
}
