import { z } from 'zod';
import type { Plan } from '#ir/plan.js';
import { readRecords } from '#record/store.js';
import { operation } from '../operation.js';
import { type CallEvent, callEvents } from './decisions-store.js';
import { readRun, runReference } from './reference.js';

const decisionView = z.object({
  run: z.string(),
  step: z.string(),
  item: z.int().nullable(),
  attempt: z.int().nullable(),
  at: z.string(),
  /** As the plan names it, and what exactly was called: `mcp:github:create_pr`, `shell:git`. */
  tool: z.string(),
  call: z.string(),
  action: z.string(),
  decision: z.enum(['allowed', 'refused']),
  /** Of each list that held, the entry that names the call; empty where the run had no list. */
  permittedBy: z.array(z.object({ of: z.enum(['plan', 'run', 'session']), entry: z.string() })),
  /** Why it was refused. */
  refusal: z.string().nullable(),
  /** Who asked for the run, and who agreed to it. */
  askedBy: z.string(),
  approvals: z.array(z.json()),
  planDigest: z.string(),
  /** Where the plan came from, and the model that wrote it, as it says itself. */
  source: z.string().nullable(),
  model: z.string().nullable(),
});
type DecisionView = z.infer<typeof decisionView>;

const MOST = 1000;

export const runDecisions = operation({
  name: 'runs.decisions',
  summary:
    'Why each call of a run was made or refused: which entry of which list names it, who asked, who agreed, and which model wrote the plan.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    run: runReference,
    after: z.coerce.number().int().min(0).default(0).describe('The `next` of the page before.'),
  }),
  output: z.object({ decisions: z.array(decisionView), next: z.int().nullable() }),
  run: async ({ run: reference, after }, room) => {
    const run = await readRun(room, reference);
    return room.database.door(room.org, async (tx) => {
      const events = await callEvents(tx, room.org, run.id, { after, limit: MOST + 1 });
      const [first] = await readRecords(tx, { org: room.org, run: run.id, after: -1, limit: 1 });
      const { metadata } = run.plan;
      const model = metadata['model'];
      const shared = {
        run: run.id,
        askedBy: run.requested_by,
        approvals: first?.body.type === 'genesis' ? [...first.body.approvals] : [],
        planDigest: run.plan_digest,
        source: metadata.source ?? null,
        model: typeof model === 'string' ? model : null,
      };
      const steps = stepsOf(run.plan);
      const shown = events.slice(0, MOST);
      return {
        decisions: shown.flatMap((event) => decisionOf(event, steps, shared)),
        next: events.length > MOST ? (shown.at(-1)?.seq ?? null) : null,
      };
    });
  },
});

type Called = Pick<Plan['steps'][number], 'tool' | 'action'>;

/** Compensations go by `STEP/COMPENSATION`. */
function stepsOf({ steps }: Plan): ReadonlyMap<string, Called> {
  return new Map(
    steps.flatMap((step): [string, Called][] => [
      [step.id, step],
      ...(step.rollback ?? []).map((back): [string, Called] => [`${step.id}/${back.id}`, back]),
    ]),
  );
}

function decisionOf(
  event: CallEvent,
  steps: ReadonlyMap<string, Called>,
  shared: Pick<DecisionView, 'run' | 'askedBy' | 'approvals' | 'planDigest' | 'source' | 'model'>,
): DecisionView[] {
  const step = steps.get(event.step);
  if (step?.tool === undefined) return [];
  const { call, permitted, message } = event.data ?? {};
  const isRefused = event.type === 'step.failed';
  return [
    {
      ...shared,
      step: event.step,
      item: event.item,
      attempt: event.attempt,
      at: event.at.toISOString(),
      tool: step.tool,
      call: typeof call === 'string' ? call : step.tool,
      action: step.action,
      decision: isRefused ? 'refused' : 'allowed',
      permittedBy: decisionView.shape.permittedBy.catch([]).parse(permitted ?? []),
      refusal: isRefused && typeof message === 'string' ? message : null,
    },
  ];
}
