import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledOnce } from '../plans/compiled-once.js';
import { isRunbook } from '../plans/input.js';
import type { Room } from '../room.js';
import { findTemplate, templateNames } from '../templates/find.js';
import { TEMPLATE_PREFIX } from '../templates/name.js';
import { type NamedPlan, readNamed } from './named-plan.js';

/** Folders of the project in which a plan is found by its name, the first one first. */
export const PLAN_FOLDERS = ['ops', 'plans', 'runbooks'];
export const PLAN_ENDINGS = ['yaml', 'yml', 'json', 'md'];

/** More of a folder are not looked through. */
const MOST_FILES = 200;

/** A plan that has a name here. */
export interface KnownPlan {
  /** Its path below the project folder, or `template:NAME`. */
  readonly name: string;
  /** How it is asked for in one word. */
  readonly word: string;
  /** `project`: of the project folder. */
  readonly origin: 'project' | 'shipped';
  readonly plan: Omit<NamedPlan, 'inputs'>;
}

/** Every plan file, runbook and template of a room by its name; what cannot be read is left out. */
export async function knownPlans({ project }: Pick<Room, 'project'>): Promise<KnownPlan[]> {
  const folders = await Promise.all(PLAN_FOLDERS.map((folder) => filesIn(project, folder)));
  const files = await Promise.all(folders.flat().map((name) => planFile(project, name).catch(() => undefined)));
  const names = await templateNames(project);
  const templates = await Promise.all(names.map((name) => template(project, name).catch(() => undefined)));
  return [...files, ...templates].filter((one) => one !== undefined);
}

/**
 * The plans of a kind (`kind` in the file): those of the project when it has any, else those that come with the room. Runbooks have no
 * kind of their own.
 */
export async function plansOfKind(kind: string, known: readonly KnownPlan[], room: Room): Promise<KnownPlan[]> {
  const found = await Promise.all(known.map(async (one) => ((await kindOf(one, room)) === kind ? one : undefined)));
  const alike = found.filter((one) => one !== undefined);
  const own = alike.filter(({ origin }) => origin === 'project');
  return own.length > 0 ? own : alike;
}

async function kindOf({ plan: { given } }: KnownPlan, { contracts }: Room): Promise<string | undefined> {
  if (!('text' in given) || isRunbook(given.file)) return undefined;
  const compiled = await compiledOnce(given, contracts).catch(() => undefined);
  return compiled?.plan.kind;
}

async function filesIn(project: string, folder: string): Promise<string[]> {
  const names = await readdir(join(project, folder)).catch(() => []);
  const plans = names.filter((name) => PLAN_ENDINGS.some((ending) => name.endsWith(`.${ending}`))).toSorted();
  return plans.slice(0, MOST_FILES).map((name) => `${folder}/${name}`);
}

async function planFile(project: string, name: string): Promise<KnownPlan | undefined> {
  const plan = await readNamed(project, { name });
  const word = name.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  return plan && { name, word, origin: 'project', plan };
}

async function template(project: string, name: string): Promise<KnownPlan | undefined> {
  const plan = await findTemplate(project, name);
  return plan && { name: TEMPLATE_PREFIX + name, word: name, origin: plan.origin, plan };
}
