import { resolve } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import { projectName } from '#operations/intents/project-files.js';
import { readInputs, readPlan, splitName } from '#operations/plans/file.js';
import type { Room } from '#operations/room.js';

export interface TriggerPlanOptions {
  readonly plan?: string;
  readonly pin?: true;
  readonly input?: string[];
  readonly inputFile?: string;
}

export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/**
 * The plan of a schedule or a webhook as a command line names it: a digest; a file below the project folder, which is followed;
 * any other file, or one that is pinned, as it is now.
 */
export async function triggerPlanOf({ project }: Room, { plan, pin }: TriggerPlanOptions) {
  if (plan === undefined) return undefined;
  if (/^[0-9a-f]{64}$/.test(plan)) return { digest: plan };
  const { path, section } = splitName(plan);
  const name = pin === true ? undefined : projectName(project, resolve(path));
  if (name === undefined) return (await readPlan(plan)).given;
  return { follow: name, ...(section === undefined ? {} : { section }) };
}

/** `--input NAME=VALUE`, read as the plan's schema declares it. */
export async function triggerInputs({ plan, input = [], inputFile }: TriggerPlanOptions) {
  if (input.length === 0 && inputFile === undefined) return undefined;
  const schema =
    plan === undefined || /^[0-9a-f]{64}$/.test(plan) ? {} : { inputSchema: (await readPlan(plan)).plan.inputSchema };
  return readInputs(schema.inputSchema === undefined ? {} : { inputSchema: schema.inputSchema }, input, inputFile);
}

/** @throws OpsroomError USAGE */
export function required(value: string | undefined, what: string, mend: string): string {
  if (value !== undefined) return value;
  throw new OpsroomError('USAGE', { what: `${what} is missing.`, mend });
}
