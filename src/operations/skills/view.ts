import { z } from 'zod';
import { compilePlan } from '#compile/compile.js';
import { readSkill, trialPlan } from '#compile/skills/read.js';
import { describeInputs } from '#compile/template/describe.js';
import type { KnownSkill } from '#ir/skill.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';
import { type SkillFile, SkillFolder } from './folder.js';

export const skillView = z.object({
  slug: z.string(),
  origin: z.enum(['shipped', 'project']),
  /** Its file, in the project folder or in the package: `skills/NAME.yaml`. */
  file: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string(),
  /** SHA-256 of what the skill says; part of every plan that uses it. */
  digest: z.string().nullable(),
  tools: z.array(z.string()),
  maxRuntimeMs: z.int().nullable(),
  allowedEnvs: z.array(z.string()).nullable(),
  inputs: z.array(z.object({ name: z.string(), type: z.string(), required: z.boolean(), description: z.string() })),
  outputs: z.array(z.string()),
  steps: z.array(z.string()),
  verifiers: z.array(z.string()),
  /** Why it cannot be used; null: it can. */
  problem: z.string().nullable(),
  /** Where in its file; null: nothing is wrong, or not in one place. */
  place: z.object({ line: z.int(), column: z.int() }).nullable(),
});
export type SkillView = z.infer<typeof skillView>;

/** A skill as it is listed; one that cannot be used with the reason. */
export function showSkill(file: SkillFile, { project, contracts }: Pick<Room, 'project' | 'contracts'>): SkillView {
  try {
    const known = readSkill(new SkillFolder(project).text(file), file.path, file.name);
    return { ...viewOf(file, known), problem: trialProblem(known, contracts), place: null };
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    const { name: slug, origin } = file;
    const problem = error.message.replaceAll(file.path, fileOf(file));
    const nothing = {
      name: slug,
      version: '',
      description: '',
      digest: null,
      tools: [],
      maxRuntimeMs: null,
      allowedEnvs: null,
    };
    const empty = { inputs: [], outputs: [], steps: [], verifiers: [] };
    return { slug, origin, file: fileOf(file), ...nothing, ...empty, problem, place: placeIn(error.where) };
  }
}

const fileOf = ({ name }: SkillFile): string => `skills/${name}.yaml`;

/** Of `skills/NAME.yaml:12:3`. */
function placeIn(where = ''): { line: number; column: number } | null {
  const [, line, column] = /:(\d+):(\d+)$/.exec(where) ?? [];
  return line === undefined ? null : { line: Number(line), column: Number(column) };
}

function viewOf(file: SkillFile, { skill, digest }: KnownSkill): Omit<SkillView, 'problem' | 'place'> {
  const { slug, name, version, description, tools, constraints, steps, verifiers, outputSchema } = skill;
  const { properties = {} } = outputSchema as { properties?: Record<string, unknown> };
  return {
    slug,
    origin: file.origin,
    file: fileOf(file),
    name,
    version,
    description: description.trim(),
    digest,
    tools,
    maxRuntimeMs: constraints.max_runtime_ms,
    allowedEnvs: constraints.allowed_envs ?? null,
    inputs: describeInputs(skill.inputSchema).map(({ name, type, required, description }) => ({
      name,
      type,
      required,
      description,
    })),
    outputs: Object.keys(properties),
    steps: steps.map(({ id }) => id),
    verifiers: [...steps.flatMap((step) => step.verifiers), ...verifiers].map(({ id }) => id),
  };
}

const judge = z.object({ id: z.string(), kind: z.string(), required: z.boolean() });

/** What a skill is made of, as its page shows it. */
export const skillParts = z.object({
  steps: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      tool: z.string(),
      dependsOn: z.array(z.string()),
      verifiers: z.array(judge),
      rollback: z.array(z.string()),
    }),
  ),
  /** Of the whole, once all steps are done. */
  verifiers: z.array(judge),
});

export function showParts({ skill: { steps, verifiers } }: KnownSkill): z.infer<typeof skillParts> {
  const judges = (all: typeof verifiers) => all.map(({ id, kind, required }) => ({ id, kind, required }));
  return {
    steps: steps.map((step) => ({
      id: step.id,
      title: step.title ?? step.id,
      tool: step.tool ?? '',
      dependsOn: step.dependsOn ?? [],
      verifiers: judges(step.verifiers),
      rollback: (step.rollback ?? []).map(({ id, title }) => title ?? id),
    })),
    verifiers: judges(verifiers),
  };
}

/** The first that is wrong with it in a plan that does nothing but use it. */
function trialProblem(known: KnownSkill, contracts: Room['contracts']): string | null {
  try {
    const skills = { get: () => known, names: () => [known.skill.slug] };
    compilePlan({ value: trialPlan(known) }, { ...contracts, skills });
    return null;
  } catch (error) {
    if (error instanceof OpsroomError) return error.message;
    throw error;
  }
}
