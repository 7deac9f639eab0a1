import { z } from 'zod';
import { roleOf, whyNotEligible } from '#authorise/approvals/eligible.js';
import { type Tally, tally, wantedText } from '#authorise/approvals/tally.js';
import type { ApprovalRow, IntentRow } from '#authorise/intents/records.js';
import { INTENT_ACTIONS, INTENT_STATUSES, type IntentAction, whyNotNow } from '#ir/intent-state.js';
import { principalFacts } from '../authority/facts.js';
import { jsonObject } from '../plans/input.js';
import type { Room } from '../room.js';
import { shortId } from '../runs/reference.js';
import { rulesOf, whyNotHeard, whyNotTakeBack } from './decide.js';

const at = z.string().nullable();

export const intentView = z.object({
  intentId: z.string(),
  shortId: z.string(),
  /** In the words of whoever asked. */
  intent: z.string(),
  /** Of the run. */
  title: z.string(),
  status: z.enum(INTENT_STATUSES),
  /** How it ended, and why. */
  word: z.string(),
  reason: z.string(),
  /** What the request said of itself; never believed. */
  claimed: jsonObject,
  target: jsonObject,
  inputs: jsonObject,
  planDigest: z.string(),
  source: z.object({ kind: z.enum(['file', 'inline', 'run']), name: z.string() }),
  proposer: z.object({
    by: z.string(),
    kind: z.string(),
    agent: z.string().nullable(),
    role: z.string().nullable(),
    client: z.string().nullable(),
  }),
  decision: z.object({
    effect: z.enum(['allow', 'deny', 'needs_approval']),
    reason: z.string().nullable(),
    policies: z.array(z.string()),
    policyDigest: z.string(),
  }),
  /** Who must agree, and who has. */
  rules: z.array(
    z.object({
      policy: z.string(),
      reason: z.string(),
      roles: z.array(z.string()),
      count: z.int(),
      given: z.array(z.string()),
      missing: z.int(),
      window: z.string().nullable(),
      form: z.string().nullable(),
    }),
  ),
  /** What is still wanted, in words; empty: nothing. */
  wanted: z.string(),
  approvals: z.array(
    z.object({
      by: z.string(),
      role: z.string().nullable(),
      verdict: z.enum(['approve', 'reject']),
      reason: z.string(),
      breakGlass: z.boolean(),
      at: z.string(),
    }),
  ),
  /** Two people broke the glass, which is no approval: who they are; none: nobody did, or one person alone. */
  glassBrokenBy: z.array(z.string()),
  /** What approvers filled in. */
  form: jsonObject,
  createdAt: z.string(),
  /** Until when it may be decided or begin. */
  expiresAt: at,
  /** When it begins or began. */
  startsAt: at,
  endedAt: at,
  runId: z.string().nullable(),
  supersedes: z.string().nullable(),
  supersededBy: z.string().nullable(),
  /** What who asks may do with it, with the reason where they may not. */
  actions: z.array(z.object({ action: z.enum(INTENT_ACTIONS), allowed: z.boolean(), why: z.string().nullable() })),
});
export type IntentView = z.infer<typeof intentView>;

/** An intent as doors show it, to whoever the room stands for. */
export function shownIntent(row: IntentRow, words: readonly ApprovalRow[], room: Room): IntentView {
  const { decision, proposer } = row;
  const standing = tally(rulesOf(row), words);
  return {
    intentId: row.id,
    shortId: shortId(row.id),
    intent: row.intent,
    title: row.title,
    status: row.status,
    word: row.word,
    reason: row.reason,
    claimed: row.claimed,
    target: row.target,
    inputs: row.inputs,
    planDigest: row.planDigest,
    source: { kind: row.source.kind, name: sourceName(row) },
    proposer: { by: proposer.by, kind: proposer.kind, agent: proposer.agent, role: proposer.role, client: row.client },
    decision: {
      effect: decision.effect,
      reason: decision.effect === 'deny' ? decision.reason : null,
      policies: [...decision.policies],
      policyDigest: row.policyDigest,
    },
    rules: standing.rules.map(({ rule, given, missing }) => ({
      policy: rule.policy,
      reason: rule.reason,
      roles: [...rule.roles],
      count: rule.count,
      given: [...given],
      missing,
      window: rule.window,
      form: rule.form,
    })),
    wanted: row.status === 'waiting' ? wantedText(standing.rules) : '',
    approvals: words.map(({ by, role, verdict, reason, breakGlass, at: when }) => ({
      by,
      role,
      verdict,
      reason,
      breakGlass,
      at: when.toISOString(),
    })),
    glassBrokenBy: standing.broken ? [...standing.breakers] : [],
    form: row.form,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    startsAt: row.startsAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    runId: row.status === 'denied' ? null : row.runId,
    supersedes: row.supersedes,
    supersededBy: row.supersededBy,
    actions: INTENT_ACTIONS.map((action) => {
      const why = whyNot(action, row, standing, words, room);
      return { action, allowed: why === undefined, why: why ?? null };
    }),
  };
}

function sourceName({ source }: IntentRow): string {
  if (source.kind === 'inline') return source.name;
  if (source.kind === 'run') return shortId(source.run);
  return source.section === undefined ? source.file : `${source.file}#${source.section}`;
}

const NEEDS = { approve: 'approval:give', reject: 'approval:give', withdraw: 'intent:propose' } as const;

/** As far as it can be told without asking the policies. */
function whyNot(
  action: IntentAction,
  row: IntentRow,
  standing: Tally,
  words: readonly ApprovalRow[],
  room: Room,
): string | undefined {
  const closed = whyNotNow(action, row);
  if (closed !== undefined) return closed;
  if (room.permissions?.has(NEEDS[action]) === false) return `You have not the permission ${NEEDS[action]}.`;
  const who = principalFacts(room.principal);
  if (action === 'withdraw') return whyNotTakeBack(who, row, room.permissions?.has('room:admin') !== false);
  const not = whyNotEligible(who, row.proposer);
  if (not !== undefined || action === 'reject') return not;
  return whyNotHeard(who, roleOf(who), words, standing)?.why;
}
