import { z } from 'zod';
import { type Draft, type DraftPorts, type DraftTemplate, draftPlan } from '#compile/goal/draft.js';
import { describeInputs } from '#compile/template/describe.js';
import { readYaml } from '#compile/yaml.js';
import { sha256 } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { uuidv7 } from '#kit/ids.js';
import type { Answer, LanguageModel, Prompt } from '#models/model.js';
import { costOf, PRICES_AS_OF } from '#models/prices.js';
import { appendAudit } from '#record/store.js';
import { insertCall, type ModelCall, spent } from '../models/store.js';
import { showSpent, spentView } from '../models/view.js';
import { operation } from '../operation.js';
import { compiledView, showCompiled } from '../plans/compile.js';
import { compileGiven } from '../plans/input.js';
import type { Room } from '../room.js';
import { findTemplate, templateNames } from '../templates/find.js';
import { keepDraft } from './store.js';

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
  steps: z.array(z.object({ id: z.string(), from: z.enum(['rule', 'model']), because: z.string() })),
  inputs: z.array(z.object({ name: z.string(), from: basis, value: z.json(), question: z.string() })),
  /** What must be answered before it can run. */
  questions: z.array(z.string()),
  repairs: z.int(),
  problem: z.string().nullable(),
  spent: spentView.nullable(),
});
export type DraftView = z.infer<typeof draftView>;

export const draftPlanOperation = operation({
  name: 'plans.draft',
  summary:
    'Draft a plan for a goal in plain words, from registered templates and tools alone. Nothing runs: what a model drafted is asked for as an agent asks, whoever starts it.',
  permission: 'run:read',
  changes: true,
  consequential: false,
  input: z.strictObject({
    goal: z.string().trim().min(3).max(4000).describe('`restart the staging shop and make sure the checkout works`'),
  }),
  output: draftView,
  run: ({ goal }, room) => makeDraft(room, { goal }),
});

const MOST_MS = 120_000;

/** @param of `document`: a stranger's text that the goal is about @throws OpsroomError MODEL_FAILED */
export async function makeDraft(room: Room, of: { goal: string; document?: string | undefined }): Promise<DraftView> {
  const { mask } = await room.ports.secrets(room.org, {});
  const found = await room.models.find(room);
  const calls: Called[] = [];
  const ports: DraftPorts = {
    contracts: room.contracts,
    templates: await draftTemplates(room),
    tools: toolsOf(room),
    model: found.model,
    signal: AbortSignal.timeout(MOST_MS),
    called: (prompt, answer, ms) => calls.push({ prompt, answer, ms }),
    now: () => room.ports.clock.monotonicMs(),
  };
  // No secret leaves the room in a prompt.
  const masked = { goal: mask.text(of.goal), document: of.document === undefined ? undefined : mask.text(of.document) };
  const draft = await draftPlan(masked, ports);
  if (found.model) await keep(room, { draft, model: found.model, goal: masked.goal, calls });
  return shownDraft(draft, found.model, found.model === undefined ? found.why : null, room);
}

interface Called {
  readonly prompt: Prompt;
  readonly answer: Answer<unknown>;
  readonly ms: number;
}

async function keep(
  room: Room,
  { draft, model, goal, calls }: { draft: Draft; model: LanguageModel; goal: string; calls: readonly Called[] },
): Promise<void> {
  const planDigest = draft.compiled?.digest ?? null;
  const at = room.ports.clock.now();
  const name = `${model.provider}:${model.model}`;
  const rows = calls.map((call, i) =>
    callRow(call, {
      model,
      by: room.by,
      planDigest,
      used: i === calls.length - 1 && planDigest !== null,
      ms: at.getTime(),
    }),
  );
  await room.database.engineTx(async (tx) => {
    for (const row of rows) await insertCall(tx, room.org, row);
    if (planDigest !== null) await keepDraft(tx, room.org, { planDigest, goal, model: name, by: room.by });
    const data = { model: name, calls: rows.length, planDigest, repairs: draft.repairs, problem: draft.problem };
    await appendAudit(tx, room.org, [{ at: at.toISOString(), kind: 'plan.drafted', actor: room.by, data }]);
  });
}

function callRow(
  { prompt, answer, ms }: Called,
  of: { model: LanguageModel; by: string; planDigest: string | null; used: boolean; ms: number },
): Omit<ModelCall, 'at'> {
  const { inputTokens, outputTokens } = answer;
  return {
    id: uuidv7(of.ms),
    by: of.by,
    provider: of.model.provider,
    model: of.model.model,
    prompt: prompt.name,
    promptVersion: prompt.version,
    promptDigest: sha256(`${prompt.system}\n\n${prompt.user}`),
    inputTokens,
    outputTokens,
    cost: costOf(of.model.model, inputTokens, outputTokens),
    pricesAsOf: PRICES_AS_OF,
    ms: Math.round(ms),
    outcome: of.used ? 'used' : 'refused',
    planDigest: of.planDigest,
  };
}

async function shownDraft(
  draft: Draft,
  model: LanguageModel | undefined,
  why: string | null,
  room: Room,
): Promise<DraftView> {
  const { compiled, steps, inputs, questions, ...rest } = draft;
  const digest = compiled?.digest ?? null;
  const cost =
    model === undefined || digest === null
      ? null
      : await room.database.door(room.org, (tx) => spent(tx, room.org, digest));
  return {
    ...rest,
    model: model === undefined ? null : `${model.provider}:${model.model}`,
    why,
    compiled: compiled === null ? null : showCompiled(compiled),
    steps: steps.map((step) => ({ ...step })),
    inputs: inputs.map((input) => ({ ...input })),
    questions: [...questions],
    spent: cost === null ? null : showSpent(cost),
  };
}

/** Those that compile. */
async function draftTemplates(room: Room): Promise<DraftTemplate[]> {
  const names = await templateNames(room.project);
  const all = await Promise.all(names.map((name) => draftTemplate(name, room).catch(() => undefined)));
  return all.filter((template) => template !== undefined);
}

async function draftTemplate(name: string, room: Room): Promise<DraftTemplate | undefined> {
  const found = await findTemplate(room.project, name);
  if (!found) return undefined;
  const { plan } = await compileGiven(found.given, room.contracts);
  const { value } = readYaml(found.given.text, found.given.file);
  const inputs = describeInputs(plan.inputSchema);
  return { name, summary: plan.description, tags: plan.metadata.tags ?? [], inputs, plan: value as JsonObject };
}

function toolsOf({ contracts }: Room): DraftPorts['tools'] {
  return [...contracts.tools.values()].map(({ id, summary, args }) => ({ id, summary, args: schemaOf(args) }));
}

function schemaOf(args: z.ZodType): JsonObject {
  try {
    return z.toJSONSchema(args, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  } catch {
    return {};
  }
}
