import type { IntentSource } from '#authorise/intents/records.js';
import type { JsonObject } from '#ir/json.js';
import { lockPath, splitName } from '../plans/file.js';
import { isRunbook, type PlanGiven } from '../plans/input.js';
import { findTemplate } from '../templates/find.js';
import { templateOf } from '../templates/name.js';
import { readProjectFile } from './project-files.js';

/** A plan file of the project, read as `plans/input.ts` takes it. */
export interface NamedPlan {
  readonly given: PlanGiven;
  readonly source: IntentSource;
  /** What is always given to it. */
  readonly inputs: JsonObject;
}

/**
 * Reads a plan file or a runbook below the project folder, a runbook with the lock that lies beside it; or a template.
 *
 * @param of `name`: its path there, of a runbook also `FILE.md#section`; or `template:NAME`
 * @returns undefined when there is none
 * @throws OpsroomError USAGE, PLAN_UNREADABLE, PLAN_TOO_LARGE
 */
export async function readNamed(
  project: string,
  of: { readonly name: string; readonly section?: string | undefined },
): Promise<Omit<NamedPlan, 'inputs'> | undefined> {
  const template = templateOf(of.name);
  if (template !== undefined) return findTemplate(project, template);
  const { path: name, section = of.section } = splitName(of.name);
  const file = await readProjectFile(project, name);
  if (!file) return undefined;
  const lock = isRunbook(name) ? await readProjectFile(project, lockPath(name)) : undefined;
  return {
    given: {
      text: file.text,
      file: file.path,
      ...(section === undefined ? {} : { section }),
      ...(lock === undefined ? {} : { lock: lock.text }),
    },
    source: { kind: 'file', file: name, ...(section === undefined ? {} : { section }) },
  };
}
