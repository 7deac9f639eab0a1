import { z } from 'zod';
import { INTENT_STATUSES } from '#ir/intent-state.js';
import { operation } from '../operation.js';
import { jsonObject } from '../plans/input.js';
import { intentPage } from './list.js';
import { prepareIntent } from './prepare.js';
import { propose } from './propose.js';
import { intentReference, readIntent } from './reference.js';
import { lookAgain } from './shown.js';
import type { IntentView } from './view.js';

/** An intent in few words, as assistants ask for it and read it. */
const small = z.object({
  id: z.string(),
  intent: z.string(),
  target: z.string(),
  /** Who asked, by their key; what the request called itself counts for nothing. */
  initiator: z.string(),
  approved: z.boolean(),
  status: z.enum(INTENT_STATUSES),
  /** What it waits for, or how it ended. */
  message: z.string(),
  approvedBy: z.array(z.string()),
  /** Who broke the glass for it, which is no approval. */
  glassBrokenBy: z.array(z.string()),
  runId: z.string().nullable(),
  createdAt: z.string(),
});

function shownSmall(view: IntentView): z.infer<typeof small> {
  const { intentId, intent, claimed, target, proposer, status, approvals, rules, glassBrokenBy, runId, createdAt } =
    view;
  const said = claimed['target'] ?? target['environment'] ?? '';
  return {
    id: intentId,
    intent,
    target: typeof said === 'string' ? said : '',
    initiator: proposer.agent ?? proposer.by,
    approved: rules.length > 0 && rules.every(({ missing }) => missing === 0) && status !== 'void',
    status,
    message: messageOf(view),
    approvedBy: approvals.filter(({ verdict, breakGlass }) => verdict === 'approve' && !breakGlass).map(({ by }) => by),
    glassBrokenBy,
    runId,
    createdAt,
  };
}

function messageOf({ wanted, word, glassBrokenBy }: IntentView): string {
  if (wanted !== '') return `It waits for ${wanted}`;
  return word === '' && glassBrokenBy.length > 0 ? `Glass broken by ${glassBrokenBy.join(', ')}` : word;
}

export const aiPropose = operation({
  name: 'ai.propose',
  summary:
    'Ask for an operation, such as deploy to staging. Policy and people decide; a person must agree where policy says so. Ask again by its id for what became of it.',
  permission: 'intent:propose',
  changes: true,
  consequential: true,
  input: z.strictObject({
    intent: z.string().trim().min(1).max(200).describe('What is wanted: `deploy`. The room knows a plan by this name.'),
    target: z.string().trim().min(1).max(200).optional().describe('Where: `staging`.'),
    initiator: z.string().max(200).optional().describe('Kept as a word. Who asks is known by the key.'),
    approved: z.boolean().optional().describe('Kept as a word. Only people approve, and not here.'),
    inputs: jsonObject.optional().describe('Inputs of the plan, by name.'),
    reason: z.string().trim().max(2000).optional().describe('Why; those who decide read it.'),
  }),
  output: small,
  run: async ({ intent, target, inputs = {}, reason = '', initiator, approved }, room) => {
    const prepared = await prepareIntent({ intent, target, inputs, reason, seen: false }, room);
    const claimed = {
      ...(target === undefined ? {} : { target }),
      ...(initiator === undefined ? {} : { initiator }),
      ...(approved === undefined ? {} : { approved }),
    };
    return shownSmall(await lookAgain(room, await propose(room, prepared, { intent, reason, claimed })));
  },
});

export const aiIntents = operation({
  name: 'ai.intents',
  summary: 'List what was asked for lately, the newest first, with what it waits for or how it ended.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    status: z.enum(INTENT_STATUSES).optional().describe('Only these.'),
    limit: z.int().min(1).max(50).default(10),
  }),
  output: z.object({ intents: z.array(small) }),
  run: async ({ status, limit }, room) => {
    const filter = status === undefined ? {} : { status: [status] };
    const found = await room.database.door(room.org, (tx) => intentPage(tx, room, filter, { limit }));
    return { intents: found.map(shownSmall) };
  },
});

export const aiIntent = operation({
  name: 'ai.intent',
  summary: 'Say what became of one intent: whether it waits and for whom, runs, or how it ended.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ id: intentReference }),
  output: small,
  run: async ({ id }, room) => shownSmall(await lookAgain(room, (await readIntent(room, id)).id)),
});
