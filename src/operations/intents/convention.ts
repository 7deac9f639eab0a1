import { z } from 'zod';
import type { IntentQueue } from '#authorise/intents/records.js';
import { allowedValues, missingInputs, missingWith } from '#compile/inputs.js';
import { readYaml } from '#compile/yaml.js';
import { inputNames } from '#ir/input-types.js';
import type { JsonObject } from '#ir/json.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { jsonObject } from '../plans/input.js';
import type { Room } from '../room.js';
import { compileSeen, type Prepared, prepareCompiled } from '../runs/prepare.js';
import { findTemplate } from '../templates/find.js';
import { type KnownPlan, knownPlans, PLAN_ENDINGS, PLAN_FOLDERS, plansOfKind } from './known-plans.js';
import { type NamedPlan, readNamed } from './named-plan.js';
import { readProjectFile } from './project-files.js';

/** What is wanted, in two words: `deploy` to `staging`. */
export interface Wanted {
  readonly intent: string;
  readonly target: string | undefined;
  readonly inputs: JsonObject;
  readonly queue: IntentQueue;
  readonly seen: boolean;
}

export const INTENTS_FILE = 'intents.yaml';
const WORD = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const place = z.strictObject({ plan: z.string(), section: z.string().optional(), inputs: jsonObject.default({}) });
const mapSchema = z.record(
  z.string(),
  z.strictObject({
    plan: z.string().optional(),
    section: z.string().optional(),
    inputs: jsonObject.default({}),
    targets: z.record(z.string(), place).default({}),
  }),
);

/**
 * The plan that two words mean: what `intents.yaml` in the project folder says of them, else the first file of
 * `{ops,plans,runbooks}/{INTENT.TARGET,INTENT}.{yaml,yml,json,md}`, else the template of that name, else the only plan of that kind. The
 * plan must itself work on that target.
 *
 * @throws OpsroomError NOT_FOUND, USAGE; as `prepareGiven`
 */
export async function planByConvention(wanted: Wanted, room: Room): Promise<Prepared> {
  const named = (await mapped(wanted, room)) ?? (await byName(wanted, room));
  const compiled = await compileSeen({ given: named.given, seen: wanted.seen }, room);
  const base = { ...named.inputs, ...wanted.inputs };
  const tries = [{}, ...fillings(compiled.plan, base, wanted.target)];
  let refusal: unknown;
  for (const more of tries) {
    const from = { ...named, inputs: { ...base, ...more }, queue: wanted.queue, seen: true };
    const prepared = await prepareCompiled(compiled, from, room).catch((error: unknown) => {
      refusal ??= error;
    });
    if (prepared && worksOn(prepared, wanted.target)) return prepared;
  }
  const choice = targetChoice(compiled.plan, base, wanted.target);
  if (refusal !== undefined && choice !== undefined) throw choice;
  // What is missing beside the target is the better reason.
  if (refusal !== undefined && missingWith(compiled.plan, base).length > 0) throw refusal;
  throw elsewhere(named, wanted, compiled.plan.target?.environment);
}

async function mapped({ intent, target }: Wanted, { project }: Room): Promise<NamedPlan | undefined> {
  const file = await readProjectFile(project, INTENTS_FILE);
  if (!file) return undefined;
  const { value, problems } = readYaml(file.text, INTENTS_FILE);
  const map = mapSchema.safeParse(value);
  if (problems.length > 0 || !map.success) {
    const what = problems[0]?.what ?? map.error?.issues[0]?.message ?? 'It is wrong.';
    throw new OpsroomError('USAGE', {
      what,
      where: INTENTS_FILE,
      mend: 'Correct it; docs/approvals.md shows its form.',
    });
  }
  const entry = Object.hasOwn(map.data, intent) ? map.data[intent] : undefined;
  if (!entry) return undefined;
  const special = target !== undefined && Object.hasOwn(entry.targets, target) ? entry.targets[target] : undefined;
  const name = special?.plan ?? entry.plan;
  if (name === undefined) {
    const known = Object.keys(entry.targets).join(', ');
    const what = `"${intent}" has no plan for ${target === undefined ? 'no target' : `"${target}"`}.`;
    throw new OpsroomError('NOT_FOUND', { what, where: INTENTS_FILE, mend: `Its targets: ${known}.` });
  }
  const found = await readNamed(project, { name, section: special ? special.section : entry.section });
  if (!found)
    throw new OpsroomError('NOT_FOUND', { what: `There is no file ${name}.`, where: `${INTENTS_FILE}: ${intent}` });
  return { ...found, inputs: { ...entry.inputs, ...special?.inputs } };
}

async function byName({ intent, target }: Wanted, room: Room): Promise<NamedPlan> {
  const { project } = room;
  const words = WORD.test(intent) && (target === undefined || /^[A-Za-z0-9][\w./-]{0,199}$/.test(target));
  const stems = target !== undefined && WORD.test(target) ? [`${intent}.${target}`, intent] : [intent];
  const names = PLAN_FOLDERS.flatMap((folder) =>
    stems.flatMap((stem) => PLAN_ENDINGS.map((end) => `${folder}/${stem}.${end}`)),
  );
  for (const name of words ? names : []) {
    const found = await readNamed(project, { name });
    if (found) return { ...found, inputs: {} };
  }
  for (const stem of words ? stems : []) {
    const found = await findTemplate(project, stem);
    if (found) return { ...found, inputs: {} };
  }
  const known = words ? await knownPlans(room) : [];
  const alike = await plansOfKind(intent, known, room);
  const [only, ...others] = alike;
  if (only !== undefined && others.length === 0) return { ...only.plan, inputs: {} };
  throw noSuchPlan(intent, known, alike);
}

const MOST_NAMED = 12;

/** With the names that are near: those of the kind, those that have the word in them, else the one that looks like it. */
function noSuchPlan(intent: string, known: readonly KnownPlan[], alike: readonly KnownPlan[]): OpsroomError {
  const list = (plans: readonly KnownPlan[]) =>
    plans
      .slice(0, MOST_NAMED)
      .map(({ name }) => name)
      .join(', ');
  if (alike.length > 1) {
    const what = `No plan here is called "${intent}", and ${alike.length} are of that kind: ${list(alike)}.`;
    return new OpsroomError('NOT_FOUND', { what, mend: `Ask for one by its name, or name it in ${INTENTS_FILE}.` });
  }
  const word = intent.toLowerCase();
  const near = known.filter(({ word: name }) => name.includes(word) || word.includes(name));
  const hint =
    near.length > 0
      ? `Near are: ${list(near)}.`
      : didYouMean(
          intent,
          known.map(({ word: name }) => name),
        );
  const file = `${PLAN_FOLDERS[0]}/${WORD.test(intent) ? intent : 'NAME'}.yaml`;
  return new OpsroomError('NOT_FOUND', {
    what: `No plan here is called "${intent.slice(0, 100)}", or is the only one of that kind.`,
    mend: `${hint} Name one in ${INTENTS_FILE}, put it at ${file}, or give the plan itself.`,
  });
}

/** Inputs that a plan may take its target by. Who names an environment means no branch: a slip there must not become one. */
const TARGET_INPUTS = [
  ['target', 'environment'],
  ['branch', 'ref', 'app'],
];

function fillings(plan: Prepared['plan'], given: JsonObject, target: string | undefined): JsonObject[] {
  return target === undefined ? [] : targetInputs(plan, given).map((name) => ({ [name]: target }));
}

/** Those of the plan that are not given. */
function targetInputs(plan: Prepared['plan'], given: JsonObject): string[] {
  const names = inputNames(plan);
  const declared = TARGET_INPUTS.map((some) => some.filter((name) => names === undefined || names.includes(name)));
  const candidates = declared.find((some) => some.length > 0) ?? [];
  return candidates.filter((name) => !(name in given));
}

/** Where the plan itself lists the targets that it takes, and none of them was named; undefined: it lists none, or it was. */
function targetChoice(plan: Prepared['plan'], given: JsonObject, target: string | undefined): OpsroomError | undefined {
  const [name, ...others] = targetInputs(plan, given);
  const known = name === undefined || others.length > 0 ? undefined : allowedValues(plan.inputSchema, name);
  if (name === undefined || known === undefined) return undefined;
  if (target === undefined ? !missingInputs(plan).includes(name) : known.includes(target)) return undefined;
  const [first = ''] = known;
  const what =
    target === undefined
      ? `No target is named, and the plan works on one of ${known.join(', ')}.`
      : `The target "${target.slice(0, 100)}" is not one of ${known.join(', ')}.`;
  return new OpsroomError('INPUT_INVALID', {
    what,
    where: 'target',
    mend: `Name one of them as the target: "${first}".`,
  });
}

/** Asked for a target, a plan counts only when what it says itself names it: a word of the request changes nothing. */
function worksOn({ target, inputs }: Prepared, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const named = [target['environment'], target['app'], target['branch'], inputs['branch'], inputs['ref']];
  return named.some((one) => typeof one === 'string' && one.toLowerCase() === wanted.toLowerCase());
}

function elsewhere({ source }: NamedPlan, { target = '' }: Wanted, environment: string | undefined): OpsroomError {
  const where =
    environment === undefined || environment.includes('{{') ? 'and names no such target' : `but on "${environment}"`;
  return new OpsroomError('USAGE', {
    what: `${'file' in source ? source.file : 'The template'} does not work on "${target.slice(0, 100)}", ${where}.`,
    mend: 'Let its `target` name it, by an input `target`, `environment` or `branch`, or name another plan for it in intents.yaml.',
  });
}
