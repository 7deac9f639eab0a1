import type { ApprovalRule, Decision } from '#authorise/decision.js';
import type { Decided, IntentQueue, IntentRow, NewIntent, Proposer } from '#authorise/intents/records.js';
import { countWaiting, findSame, insertIntent, lockProposer, type Sql } from '#authorise/intents/store.js';
import { keepPlan } from '#execute/runs/plan-store.js';
import { cleanText } from '#ir/clean.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { askerOf } from '../authority/asker.js';
import { requestFacts } from '../authority/facts.js';
import { decideRun, denied, strictest } from '../authority/gate.js';
import { policySet } from '../authority/policy-set.js';
import type { Room } from '../room.js';
import { keepText, type Prepared } from '../runs/prepare.js';
import { shortId } from '../runs/reference.js';
import { launch } from './launch.js';
import { endIntent, type Happening, record } from './record.js';

/** So many intents of one principal may wait at once: a program that goes wild fills no inbox. */
const MOST_WAITING = 100;
const HOUR_MS = 3_600_000;

/** In which words something is proposed. */
export interface Wording {
  /** Default: the title of the run. */
  readonly intent: string | undefined;
  readonly reason: string;
  /** What the request says of itself. */
  readonly claimed: JsonObject;
}

/**
 * Writes down what is asked for and what policy says to it. What is allowed runs at once; what needs an approval waits.
 *
 * @param chosen asked for the id, last: when nothing is left that could be wrong with the request
 * @returns the id of the intent
 * @throws OpsroomError DENIED that names the deciding policies, once the intent is written as denied; NOT_ALLOWED_NOW when too many
 * of the same principal wait; POLICY_INVALID, and nothing is written, since whoever asks again once they are mended is to be heard
 */
export async function propose(
  room: Room,
  prepared: Prepared,
  wording: Wording,
  chosen: () => Promise<string | undefined> = () => Promise.resolve(undefined),
): Promise<string> {
  const proposer: Proposer = { ...(await askerOf(room, prepared.planDigest)), key: room.principal.key ?? null };
  const decision = await decideProposal(room, prepared, proposer);
  if (decision.effect === 'deny' && decision.unusable) throw denied(decision);
  const id = await chosen();
  const intent = await newIntent(room, prepared, { id, wording, proposer, decision });
  await room.database.engineTx((tx) => write(tx, room, intent, prepared));
  await keepText(room, prepared);
  if (decision.effect === 'deny') throw denied(decision, `intent ${shortId(intent.id)}`);
  if (intent.status === 'running') await launch(room, intent);
  return intent.id;
}

/** What policy says to asking, and then to running. */
async function decideProposal(room: Room, prepared: Prepared, principal: Proposer): Promise<Decision> {
  const asked: Decision[] = [];
  for (const request of requestFacts(prepared, room.contracts.tools))
    asked.push(await room.policies.decide({ principal, action: 'propose', request }));
  const propose = strictest(asked);
  if (propose.effect === 'deny') return propose;
  const run = await decideRun(room, prepared, principal);
  if (run.effect !== 'allow' || room.permissions?.has('run:start') !== false) return run;
  return { ...run, effect: 'needs_approval', rules: [MAY_NOT_START] };
}

/** Whoever may only propose starts nothing, whatever policies allow those who may. */
const MAY_NOT_START: ApprovalRule = {
  policy: 'permission run:start',
  reason: 'Whoever asks may propose, and has not the permission run:start.',
  roles: ['approver', 'owner'],
  count: 1,
  ttlMs: 24 * HOUR_MS,
  window: null,
  form: null,
};

interface Proposed {
  readonly id: string | undefined;
  readonly wording: Wording;
  readonly proposer: Proposer;
  readonly decision: Decision;
}

async function newIntent(
  room: Room,
  prepared: Prepared,
  { id, wording, proposer, decision }: Proposed,
): Promise<NewIntent> {
  const { mask } = await room.ports.secrets(room.org, prepared.target);
  const status = STATUS[decision.effect];
  const nowMs = room.ports.clock.now().getTime();
  const decided: Decided = { ...decision, set: policySet(await room.policies.describe()) };
  return {
    org: room.org,
    id: id ?? uuidv7(nowMs),
    // Half of an emoji at the cut could not be written into the audit log.
    intent: cleanText(mask.text(wording.intent ?? prepared.title).slice(0, 500)),
    title: prepared.title,
    reason: cleanText(mask.text(wording.reason).slice(0, 2000)),
    claimed: mask.json(wording.claimed),
    source: prepared.source,
    planDigest: prepared.planDigest,
    inputs: prepared.inputs,
    inputsDigest: jsonDigest(prepared.inputs),
    target: prepared.target,
    targetDigest: jsonDigest(prepared.target),
    policyDigest: decision.policyDigest,
    queue: { ...prepared.queue, ...placeOf(room, prepared) },
    proposer,
    client: room.origin.client ?? null,
    decision: decided,
    status,
    ttlMs: decision.effect === 'needs_approval' ? Math.min(...decision.rules.map(({ ttlMs }) => ttlMs)) : null,
    runId: status === 'running' ? uuidv7(nowMs) : null,
    word: decision.effect === 'deny' ? decision.reason : '',
  };
}

/** A run that is run again goes where it was. */
const placeOf = ({ host, project }: Room, { source }: Prepared): Pick<IntentQueue, 'host' | 'project'> =>
  source.kind === 'run' ? {} : { host, project };

const STATUS = { allow: 'running', deny: 'denied', needs_approval: 'waiting' } as const;

async function write(tx: Sql, room: Room, intent: NewIntent, { plan }: Prepared): Promise<void> {
  const { org, id, proposer, status } = intent;
  await lockProposer(tx, org, proposer.by);
  const same = status === 'waiting' ? await findSame(tx, intent) : undefined;
  if (status === 'waiting' && !same) await refuseFlood(tx, intent);
  await keepPlan(tx, org, intent.planDigest, plan);
  await insertIntent(tx, intent, same?.id ?? null);
  if (same) await replace(tx, room, same, intent);
  await record(tx, room, { ...intent, id }, undefined, happenings(intent));
}

function happenings({ decision, reason, client, status, word, proposer, runId }: NewIntent): Happening[] {
  const actor = proposer.by;
  const policies = [...decision.policies];
  const proposed: Happening = { event: 'intent.proposed', actor, data: { status, policies, reason, client } };
  if (status === 'running') return [proposed, { event: 'intent.started', actor, data: { runId, status } }];
  if (status === 'denied') return [proposed, { event: 'intent.denied', actor, data: { word, policies, status } }];
  return [proposed];
}

async function refuseFlood(tx: Sql, { org, proposer }: NewIntent): Promise<void> {
  if ((await countWaiting(tx, org, proposer.by)) < MOST_WAITING) return;
  throw new OpsroomError('NOT_ALLOWED_NOW', {
    what: `${MOST_WAITING} intents of ${proposer.by} wait already.`,
    mend: 'Withdraw some of them, or let those who must agree decide first.',
  });
}

function replace(tx: Sql, room: Room, same: IntentRow, { id, proposer }: NewIntent): Promise<void> {
  const word = `a newer one is intent ${shortId(id)}`;
  return endIntent(tx, room, same, { status: 'superseded', actor: proposer.by, word, supersededBy: id });
}
