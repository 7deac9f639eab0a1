import { z } from 'zod';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import type { Part } from './compose.js';

/** What a model may choose from. */
export interface Grounds {
  readonly templates: readonly string[];
  readonly tools: readonly string[];
}

const MOST_PARTS = 20;

/** The form of an answer: names of templates and tools that there are, and no others. */
export function answerSchema({ templates, tools }: Grounds) {
  return z.object({
    title: z.string().min(1).max(200),
    parts: z
      .array(
        z.object({
          id: z.string().regex(/^[a-z][a-z0-9]{0,30}$/, 'lower-case letters and digits, beginning with a letter'),
          title: z.string().max(200),
          /** One of the two. */
          template: z.enum(templates).nullable(),
          tool: z.enum(tools).nullable(),
          /** JSON objects as text: providers refuse schemas without fixed members. */
          values: z.string(),
          verifiers: z.string(),
          after: z.array(z.string()),
        }),
      )
      .min(1)
      .max(MOST_PARTS),
    /** What the reader must answer before it can run. */
    questions: z.array(z.string().max(500)).max(20),
  });
}
export type DraftAnswer = z.output<ReturnType<typeof answerSchema>>;

/**
 * The parts of the plan that an answer means.
 * @param plans the templates by name, as their files have them
 * @throws OpsroomError PLAN_INVALID in words that a model can act on
 */
export function partsOf(answer: DraftAnswer, plans: ReadonlyMap<string, JsonObject>): Part[] {
  const ids = answer.parts.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw wrong(`two parts are called "${twice}"`);
  return answer.parts.map(({ id, title, template, tool, values, verifiers, after }) => {
    const unknown = after.find((name) => !ids.includes(name) || name === id);
    if (unknown !== undefined) throw wrong(`"${id}" comes after "${unknown}", which is no other part`);
    if ((template === null) === (tool === null)) throw wrong(`"${id}" must have either a template or a tool`);
    const given = jsonObject(values, `the values of "${id}"`);
    const plan = template === null ? undefined : plans.get(template);
    if (plan) return { prefix: id, plan, inputs: given, after, isTemplate: true };
    const checks = verifiers.trim() === '' ? [] : parsed(verifiers, `the verifiers of "${id}"`);
    const step = { id: 'do', title, tool: tool ?? '', args: given, verifiers: checks };
    return { prefix: id, plan: { steps: [step] }, inputs: {}, after, isTemplate: false };
  });
}

function jsonObject(text: string, what: string): JsonObject {
  const value = text.trim() === '' ? {} : parsed(text, what);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw wrong(`${what} are no JSON object`);
}

function parsed(text: string, what: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw wrong(`${what} are no JSON`);
  }
}

const wrong = (what: string): OpsroomError => new OpsroomError('PLAN_INVALID', { what });
