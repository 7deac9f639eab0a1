import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntentSource } from '#authorise/intents/records.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { PACKAGE_FOLDER } from '../examples.js';
import { readProjectFile } from '../intents/project-files.js';
import type { PlanAsked, PlanGiven } from '../plans/input.js';
import { TEMPLATE_PREFIX, templateName } from './name.js';

/** Where templates lie, below the package and below the project folder. */
const FOLDER = 'templates';
const SHIPPED = join(PACKAGE_FOLDER, FOLDER);
const ENDING = '.yaml';
/** More of a project's folder are not listed. */
const MOST = 500;

/** A template is a plan file with a name. */
export interface FoundTemplate {
  readonly name: string;
  /** `project`: of the project folder, where it takes the place of a shipped one of the same name. */
  readonly origin: 'shipped' | 'project';
  readonly given: Extract<PlanGiven, { text: string }>;
  readonly source: IntentSource;
}

/**
 * A template by its name: that of the project folder, else the one that comes with the package.
 * @returns undefined when there is none
 * @throws OpsroomError USAGE for a file that leads elsewhere, PLAN_UNREADABLE, PLAN_TOO_LARGE
 */
export async function findTemplate(project: string, name: string): Promise<FoundTemplate | undefined> {
  if (!templateName.safeParse(name).success) return undefined;
  const file = `${FOLDER}/${name}${ENDING}`;
  const own = await readProjectFile(project, file);
  if (own)
    return { name, origin: 'project', given: { text: own.text, file: own.path }, source: { kind: 'file', file } };
  const text = await readFile(join(SHIPPED, `${name}${ENDING}`), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Bound to its digest: another version of the package may say something else under this name.
  return { name, origin: 'shipped', given: { text, file }, source: { kind: 'inline', name: TEMPLATE_PREFIX + name } };
}

/** The same, where there must be one. @throws OpsroomError NOT_FOUND, and as `findTemplate` */
export async function requireTemplate(project: string, name: string): Promise<FoundTemplate> {
  const found = await findTemplate(project, name);
  if (found) return found;
  const mend = didYouMean(name, await templateNames(project));
  throw new OpsroomError('NOT_FOUND', { what: 'There is no such template.', where: name.slice(0, 100), mend });
}

/** The names of all templates, sorted. */
export async function templateNames(project: string): Promise<string[]> {
  const [own, shipped] = await Promise.all([join(project, FOLDER), SHIPPED].map(namesIn));
  return [...new Set([...(own ?? []), ...(shipped ?? [])])].toSorted();
}

async function namesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
  return names.filter((name) => templateName.safeParse(name).success).slice(0, MOST);
}

/** What was asked for as it is compiled: of a template, its text. @throws as `requireTemplate` */
export async function planAsked(asked: PlanAsked, project: string): Promise<PlanGiven> {
  return 'template' in asked ? (await requireTemplate(project, asked.template)).given : asked;
}
