import { z } from 'zod';
import { spentView } from '../models/view.js';
import { compiledView } from '../plans/compile.js';

const basis = z.enum(['rule', 'model', 'asked', 'template']);

export const draftView = z.object({
  /** Who chose the steps: a language model, or the words of the goal. */
  basis: z.enum(['rule', 'model']),
  model: z.string().nullable(),
  /** Why no model was asked; null: one was. */
  why: z.string().nullable(),
  title: z.string(),
  /** The plan as YAML; null: nothing came of it that compiles. */
  text: z.string().nullable(),
  compiled: compiledView.nullable(),
  /** What policy says to whoever runs it as it stands; null: there is no plan. */
  policy: z
    .object({
      effect: z.enum(['allow', 'deny', 'needs_approval']),
      reason: z.string().nullable().describe('Why not, or who must agree.'),
    })
    .nullable(),
  steps: z.array(
    z.object({
      id: z.string(),
      from: z.enum(['rule', 'model']),
      because: z.string(),
      isTemplate: z.boolean().describe('It stands so in a template of the room.'),
    }),
  ),
  inputs: z.array(z.object({ name: z.string(), from: basis, value: z.json(), question: z.string() })),
  /** What must be answered before it can run. */
  questions: z.array(z.string()),
  repairs: z.int(),
  problem: z.string().nullable(),
  spent: spentView.nullable(),
});
export type DraftView = z.infer<typeof draftView>;
