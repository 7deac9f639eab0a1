import { z } from 'zod';
import type { ToolContracts } from '#compile/contracts.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { planDigest } from '#ir/normalise.js';
import type { Plan } from '#ir/plan.js';
import { differencesOf, diffPlans } from '#ir/plan-diff.js';
import { hasTemplate } from '#ir/template.js';
import { OpsroomError } from '#kit/errors.js';
import { requestFacts } from '../authority/facts.js';
import { contractsOf } from '../mcp/contracts.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { readRun, runReference, shortId } from '../runs/reference.js';
import { planAsked } from '../templates/find.js';
import { lastRunOf, plansByDigest } from './diff-store.js';
import { compileGiven, planInput } from './input.js';

const FEWEST_DIGITS = 8;

/** A plan as it is compared: by the run that executed it, by its digest, or as it is given. */
const sideInput = z.union([
  z.strictObject({ run: runReference }),
  z.strictObject({
    digest: z
      .string()
      .regex(/^[0-9a-f]{8,64}$/, `name a plan by at least ${FEWEST_DIGITS} digits of its digest`)
      .describe('The digest of a plan that the room knows, or its beginning.'),
  }),
  z.strictObject({ plan: planInput }),
]);
type SideInput = z.output<typeof sideInput>;

const difference = z.object({ path: z.string(), before: z.json().optional(), after: z.json().optional() });

const sideView = z.object({
  title: z.string(),
  digest: z.string(),
  /** Of a run. */
  runId: z.string().nullable(),
  shortId: z.string().nullable(),
  endedAt: z.string().nullable(),
});

export const diffView = z.object({
  /** They are one plan: the same digest. */
  same: z.boolean(),
  before: sideView,
  after: sideView,
  /** What differs beside the steps: target, inputs, what it may call, what follows a failure, … */
  plan: z.array(difference),
  /** What two runs were given; empty where one side is no run. */
  inputs: z.array(difference),
  /** What policies see differently. */
  policy: z.array(difference),
  /** In the order of the plan, those that were removed last. */
  steps: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      change: z.enum(['added', 'removed', 'changed']),
      differences: z.array(difference),
    }),
  ),
  /** Steps of both that stand elsewhere among the others. */
  moved: z.array(z.string()),
  /** How many steps are as they were. */
  unchanged: z.int(),
});
export type DiffView = z.infer<typeof diffView>;

export const diffPlansOperation = operation({
  name: 'plans.diff',
  summary:
    'Compare two plans step by step: of runs, by digest, or as given; without `before`, with the last run of the same title that succeeded.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    before: sideInput
      .optional()
      .describe('Without it: the last run of the other’s title on its target that succeeded.'),
    after: sideInput,
  }),
  output: diffView,
  run: async ({ before, after }, room): Promise<DiffView> => {
    const is = await sideOf(after, room);
    const was = await sideOf(before ?? { run: await lastLike(is.plan, room) }, room);
    return comparePlans(was, is, room.contracts.tools);
  },
});

/** One of two plans that are compared. */
export interface Side {
  readonly plan: Plan;
  readonly digest: string;
  readonly run?: { readonly id: string; readonly inputs: JsonObject; readonly endedAt: Date | null };
}

/** What two plans do differently, by step. */
export function comparePlans(before: Side, after: Side, tools: Pick<ToolContracts, 'get'>): DiffView {
  const { plan, steps, moved, same: unchanged } = diffPlans(before.plan, after.plan);
  const [was, is] = [before, after].map((side) => policyFacts(side, tools));
  return {
    same: before.digest === after.digest,
    before: shownSide(before),
    after: shownSide(after),
    plan: [...plan],
    inputs: before.run && after.run ? differencesOf(before.run.inputs, after.run.inputs) : [],
    policy: differencesOf(was ?? {}, is ?? {}),
    steps: steps.map((step) => ({ ...step, differences: [...step.differences] })),
    moved: [...moved],
    unchanged,
  };
}

/** A plan that was compiled, as one of two to compare. */
export const sideOfPlan = (plan: Plan): Side => ({ plan, digest: planDigest(plan) });

async function sideOf(side: SideInput, room: Room): Promise<Side> {
  if ('run' in side) {
    const { id, plan, plan_digest: digest, inputs, ended_at: endedAt } = await readRun(room, side.run);
    return { plan, digest, run: { id, inputs, endedAt } };
  }
  if ('digest' in side) return knownPlan(room, side.digest);
  const given = await planAsked(side.plan, room.project);
  return sideOfPlan((await compileGiven(given, await contractsOf(room, given))).plan);
}

async function knownPlan(room: Room, digest: string): Promise<Side> {
  const [found, other] = await room.database.door(room.org, (tx) => plansByDigest(tx, room.org, digest));
  if (!found)
    throw new OpsroomError('NOT_FOUND', {
      what: 'The room knows no plan with such a digest.',
      where: digest,
      mend: 'Name a run, a file, or the digest that `opsroom show RUN --json` has.',
    });
  if (other)
    throw new OpsroomError('USAGE', {
      what: `Several plans have a digest that begins with ${digest}.`,
      mend: 'Give more digits.',
    });
  return found;
}

async function lastLike({ title, target = {} }: Plan, room: Room): Promise<string> {
  const isKnown = !hasTemplate(JSON.stringify(target));
  const found = await room.database.door(room.org, (tx) =>
    lastRunOf(tx, room.org, { title, target: isKnown ? (target as JsonObject) : undefined }),
  );
  if (found !== undefined) return found;
  const what = 'No run of this title has succeeded on this target yet: there is nothing to compare it with.';
  throw new OpsroomError('NOT_FOUND', { what, where: title, mend: 'Name what it is to be compared with.' });
}

/** What policies see of a plan. Its branch may come from inputs, which are compared by themselves. */
function policyFacts({ plan, digest, run }: Side, tools: Pick<ToolContracts, 'get'>): JsonObject {
  const target = (plan.target ?? {}) as JsonObject;
  const inputs = run?.inputs ?? {};
  const asked = { plan, planDigest: digest, inputs, title: plan.title, target, queue: {} };
  const [facts] = requestFacts(asked, tools);
  const { planDigest: _, proposer: __, ...seen } = facts ?? {};
  const sorted = Object.entries(seen).map(([name, value]): [string, JsonValue] => [
    name,
    Array.isArray(value) ? value.map(String).toSorted((a, b) => (a < b ? -1 : 1)) : (value as JsonValue),
  ]);
  return Object.fromEntries(sorted);
}

function shownSide({ plan, digest, run }: Side) {
  return {
    title: plan.title,
    digest,
    runId: run?.id ?? null,
    shortId: run ? shortId(run.id) : null,
    endedAt: run?.endedAt?.toISOString() ?? null,
  };
}
