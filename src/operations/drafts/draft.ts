import { z } from 'zod';
import type { Draft, DraftPorts } from '#compile/goal/draft.js';
import type { DraftTemplate } from '#compile/goal/grounds.js';
import { describeInputs } from '#compile/template/describe.js';
import { readYaml } from '#compile/yaml.js';
import type { JsonObject } from '#ir/json.js';
import { appendAudit } from '#record/audit-store.js';
import { isIsolated } from '../authority/facts.js';
import { groundsOf } from '../mcp/contracts.js';
import { type MeteredModel, meteredModel } from '../models/metered.js';
import { spent } from '../models/store.js';
import { showSpent } from '../models/view.js';
import { operation } from '../operation.js';
import { showCompiled } from '../plans/compile.js';
import { compiledOnce } from '../plans/compiled-once.js';
import type { Room } from '../room.js';
import { findTemplate, templateNames } from '../templates/find.js';
import { judgedDraft } from './judged.js';
import { keepDraft } from './store.js';
import { type DraftView, draftView } from './view.js';

export const draftPlanOperation = operation({
  name: 'plans.draft',
  summary:
    'Draft a plan for a goal in plain words, from registered templates and tools alone. Nothing runs: what a model drafted is asked for as an agent asks, whoever starts it.',
  permission: 'intent:propose',
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
  const { draftPlan } = await import('#compile/goal/draft.js');
  const { mask } = await room.ports.secrets(room.org, {});
  const { model, why } = await meteredModel(room);
  const { contracts, callable } = await groundsOf(room);
  const ports: DraftPorts = {
    contracts,
    templates: await draftTemplates(room),
    tools: [...toolsOf(room), ...callable],
    model,
    signal: AbortSignal.timeout(MOST_MS),
  };
  // No secret leaves the room in a prompt.
  const masked = { goal: mask.text(of.goal), document: of.document === undefined ? undefined : mask.text(of.document) };
  const draft = await draftPlan(masked, ports).catch(async (error: unknown) => {
    if (model) await room.database.engineTx((tx) => model.settle(tx, null));
    throw error;
  });
  if (model) await keep(room, { draft, model, goal: masked.goal });
  return shownDraft(draft, model, why, room);
}

async function keep(
  room: Room,
  { draft, model, goal }: { draft: Draft; model: MeteredModel; goal: string },
): Promise<void> {
  const planDigest = draft.compiled?.digest ?? null;
  const at = room.ports.clock.now();
  const name = `${model.provider}:${model.model}`;
  await room.database.engineTx(async (tx) => {
    await model.settle(tx, planDigest);
    const composed = isComposed(draft);
    if (planDigest !== null) await keepDraft(tx, room.org, { planDigest, goal, model: name, by: room.by, composed });
    const data = { model: name, calls: model.calls, planDigest, repairs: draft.repairs, problem: draft.problem };
    await appendAudit(tx, room.org, [{ at: at.toISOString(), kind: 'plan.drafted', actor: room.by, data }]);
  });
}

/** Whether whatever runs programs without isolation stands so in a template, and something does. */
function isComposed({ compiled, steps }: Draft): boolean {
  const templates = new Set(steps.flatMap(({ id, isTemplate }) => (isTemplate ? [id] : [])));
  const open = compiled?.plan.steps.filter((step) => ![step, ...(step.rollback ?? [])].every(isIsolated)) ?? [];
  return open.length > 0 && open.every(({ id }) => templates.has(id));
}

async function shownDraft(
  draft: Draft,
  model: MeteredModel | undefined,
  why: string | null,
  room: Room,
): Promise<DraftView> {
  const { compiled, steps, inputs, questions, ...rest } = draft;
  const digest = compiled?.digest ?? null;
  const known = inputs.filter(({ value }) => value !== null).map(({ name, value }) => [name, value]);
  const cost =
    model === undefined || digest === null
      ? null
      : await room.database.door(room.org, (tx) => spent(tx, room.org, digest));
  return {
    ...rest,
    model: model === undefined ? null : `${model.provider}:${model.model}`,
    why: why === null ? null : `${why} The words of the goal choose among templates.`,
    compiled: compiled === null ? null : showCompiled(compiled),
    policy: compiled === null ? null : await judgedDraft(room, compiled, Object.fromEntries(known)),
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
  const { plan } = await compiledOnce(found.given, room.contracts);
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
