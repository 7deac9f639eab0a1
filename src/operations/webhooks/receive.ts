import { z } from 'zod';
import type { EventScope } from '#ir/event-expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { mayPass, OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import {
  type DeliveryEnd,
  type DeliveryRow,
  findBySender,
  insertDelivery,
  leaveDelivery,
  settleDelivery,
  type WithBody,
} from '#trigger/delivery-store.js';
import { mapEvent } from '#trigger/mapping.js';
import { beginsOn, type StartRequest } from '#trigger/request.js';
import { bodyDigest, type Incoming, type Signed, untimely, verifySignature } from '#trigger/signature.js';
import { findAddressed, type WebhookRow } from '#trigger/webhook-store.js';
import { takeTokens } from '../limits/store.js';
import type { Room } from '../room.js';
import { begin } from '../triggers/begin.js';
import { openSecrets } from './secret.js';

/** A request to an address of a webhook, of which nobody knows yet whether it may. */
export interface Posted extends Incoming {
  /** As it stands in the address. */
  readonly id: string;
  /** Of the connection. */
  readonly from: string;
  /** The body as JSON. @throws OpsroomError USAGE */
  readonly parse: (body: Uint8Array, headers: Incoming['headers']) => JsonValue;
}

/** What the sender is told: not why, which may name people and policies. That stands in the list of what came. */
export interface Received {
  readonly delivery: string;
  readonly verdict: DeliveryRow['state'] | 'duplicate';
  readonly runId: string | null;
  readonly intentId: string | null;
}

const repositorySchema = z.object({ repository: z.object({ full_name: z.string() }) });

/** The webhook has taken in too much of late: nothing of this delivery was kept. */
export interface Later {
  readonly waitMs: number;
}

/** What a sender may send of what is signed: a burst of pushes to many branches, and no loop without end. */
const RATE = { perSecond: 5, burst: 600 };
/** Of a longer body so much is kept, and it cannot be delivered again. */
const KEPT_BYTES = 256 * 1024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Takes a delivery: whoever signed it with a secret of the webhook may. An address that is not there and a signature that does
 * not hold are refused in the same words and after the same work.
 *
 * @throws OpsroomError WEBHOOK_REFUSED; WEBHOOK_REPLAYED for one that was overheard or comes too late; USAGE for a body that is no
 * JSON; DATABASE_UNREACHABLE and the like
 */
export async function receive(room: Room, posted: Posted): Promise<Received | Later> {
  const found = UUID.test(posted.id) ? await findAddressed(room.database.engine, posted.id) : undefined;
  const secrets = await openSecrets(room, found);
  const signed = verifySignature(found?.form ?? 'standard', posted, secrets);
  if (!found || !signed) throw forged(room, found, posted);
  const late = untimely(signed, room.ports.clock.now());
  if (late !== undefined) throw replayed(room, found, posted, { what: late, mend: LATE });
  const payload = posted.parse(posted.body, posted.headers);
  const waitMs = await overRate(room, found);
  if (waitMs > 0) return { waitMs };
  const delivery = newDelivery(room, found, posted, { signed, payload });
  if (!(await insertDelivery(room.database.engine, delivery))) return again(room, found, posted, signed);
  ringFor(room, found, payload);
  const end = await settled(room, found, { ...delivery, tries: 1 }, payload);
  return told(delivery.id, end);
}

/** Whoever waits for a run of GitHub Actions looks again at once; what the event says is not believed, only that there is news. */
function ringFor({ news }: Room, { form }: WebhookRow, payload: JsonValue): void {
  const repo = form === 'github' ? repositorySchema.safeParse(payload).data?.repository.full_name : undefined;
  if (repo !== undefined) news.ring(repo);
}

/** Counts one delivery; 0, or after how long the sender may try again. */
async function overRate({ database }: Room, { id }: WebhookRow): Promise<number> {
  const { taken, waitMs } = await takeTokens(database.engine, `webhook ${id}`, 1, RATE);
  return taken > 0 ? 0 : Math.max(1, waitMs);
}

function forged(room: Room, found: WebhookRow | undefined, posted: Posted): OpsroomError {
  const error = new OpsroomError('WEBHOOK_REFUSED');
  if (found) noteRefusal(room, found, posted, error.code);
  else room.calls.stranger(room.org, posted.from, error.code);
  return error;
}

const LATE = 'Compare the clock of the sender with ours (`date -u`), and let it sign anew each time it sends.';

function replayed(
  room: Room,
  found: WebhookRow,
  posted: Posted,
  said: { readonly what: string; readonly mend: string },
): OpsroomError {
  noteRefusal(room, found, posted, 'WEBHOOK_REPLAYED');
  return new OpsroomError('WEBHOOK_REPLAYED', said);
}

/** Not waited for: what is written about a forged delivery must not tell by its time that the address is there. */
function noteRefusal(room: Room, { org, id, name }: WebhookRow, { from, body }: Posted, code: string): void {
  const data: JsonObject = { webhook: id, name, from, body: bodyDigest(body), code };
  const fact = { at: room.ports.clock.now().toISOString(), kind: 'webhook.refused', actor: `webhook:${name}`, data };
  void room.calls.noteRefusal(org, fact, code);
}

/** One that came before is told so; the same signed body under another name was overheard. */
async function again(room: Room, hook: WebhookRow, posted: Posted, { senderId }: Signed): Promise<Received> {
  const first = await findBySender(room.database.engine, hook.org, hook.id, senderId);
  if (first?.bodyDigest === bodyDigest(posted.body)) {
    const { id, runId, intentId } = first;
    return { delivery: id, verdict: 'duplicate', runId, intentId };
  }
  const said = first
    ? {
        what: 'Another event came under this name before.',
        mend: 'Let the sender give each event an id of its own, and the same one only when it sends the same again.',
      }
    : {
        what: 'The same signed body came before under another name.',
        mend: 'Is that very event meant to count once more? Deliver it again from the list: `opsroom webhooks redeliver`.',
      };
  throw replayed(room, hook, posted, said);
}

function newDelivery(
  room: Room,
  { org, id: webhookId, form }: WebhookRow,
  { headers, body }: Posted,
  { signed, payload }: { signed: Signed; payload: JsonValue },
) {
  return {
    org,
    webhookId,
    id: uuidv7(room.ports.clock.now().getTime()),
    senderId: signed.senderId,
    event: form === 'github' ? (headers.get('x-github-event') ?? '').slice(0, 100) : typeOf(payload),
    headers: keptHeaders(headers),
    bodyDigest: bodyDigest(body),
    bodyBytes: body.length,
    body: body.subarray(0, KEPT_BYTES),
    cut: body.length > KEPT_BYTES,
    signedOnce: signed.signedOnce,
    redeliveryOf: null,
    redeliveredBy: null,
  };
}

/** Standard Webhooks name the event in `type`. */
function typeOf(payload: JsonValue): string {
  const type = typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload['type'] : undefined;
  return typeof type === 'string' ? type.slice(0, 100) : '';
}

/** What expressions may read and people may see; nothing that signs or authenticates. */
const KEPT_HEADERS =
  /^(content-type|user-agent|webhook-(id|timestamp)|x-github-(event|delivery|hook-id|hook-installation-target-(id|type)))$/;

function keptHeaders(headers: Incoming['headers']): Record<string, string> {
  const all = headers as Iterable<readonly [string, string]> & Incoming['headers'];
  return Object.fromEntries(
    [...all].filter(([name]) => KEPT_HEADERS.test(name)).map(([name, value]) => [name, value.slice(0, 500)]),
  );
}

type Claimed = Pick<DeliveryRow, 'org' | 'webhookId' | 'id' | 'senderId' | 'event' | 'headers' | 'cut' | 'tries'>;

/** What became of a delivery; `claimed`: it is left to the machine where the file lies that it follows. */
type Decided = DeliveryEnd | { readonly state: 'claimed' };

/**
 * Decides about a delivery that was claimed, and writes down what became of it.
 * @param asker who delivers it again; without, it is decided on behalf of the webhook
 */
export async function settled(
  room: Room,
  hook: WebhookRow,
  delivery: Claimed,
  payload: JsonValue,
  asker?: Room,
): Promise<Decided> {
  const end = await decide(room, hook, delivery, payload, asker);
  const { engine } = room.database;
  if (end.state === 'claimed') await leaveDelivery(engine, delivery.org, delivery.id);
  else await settleDelivery(engine, delivery.org, delivery.id, end);
  return end;
}

async function decide(
  room: Room,
  hook: WebhookRow,
  delivery: Claimed,
  payload: JsonValue,
  asker: Room | undefined,
): Promise<Decided> {
  const { senderId, event, headers } = delivery;
  if (hook.form === 'github' && event === 'ping')
    return { state: 'ignored', reason: 'GitHub asked whether we are there.' };
  if (hook.pausedAt !== null && !asker)
    return { state: 'ignored', reason: `The webhook is paused, by ${hook.pausedBy}.` };
  const scope: EventScope = { event, delivery: senderId, payload, headers };
  try {
    const mapped = mapEvent(hook, scope);
    if ('filtered' in mapped) return { state: 'filtered', reason: mapped.filtered };
    return elsewhere(room, hook, delivery) ?? (await begin(room, requestOf(hook, delivery, mapped.inputs), asker));
  } catch (error) {
    if (!(error instanceof OpsroomError) || mayPass(error)) throw error;
    return { state: 'refused', code: error.code, reason: error.message };
  }
}

/** What another machine must begin is left to it, with what is kept of the body. */
function elsewhere({ host }: Room, hook: WebhookRow, { cut }: Claimed): Decided | undefined {
  if (beginsOn(host, hook)) return undefined;
  if (!cut) return { state: 'claimed' };
  const reason = `The plan is a file on "${hook.host}", and the body is longer than what is kept for that machine.`;
  return { state: 'refused', code: 'REQUEST_TOO_LARGE', reason };
}

function requestOf(hook: WebhookRow, { id }: Claimed, inputs: JsonObject): StartRequest {
  const { org, name } = hook;
  return { org, by: `webhook:${name}`, agent: 'webhook', maker: hook, job: hook, inputs, once: id };
}

function told(delivery: string, end: Decided): Received {
  return {
    delivery,
    verdict: end.state,
    runId: end.state === 'started' ? end.runId : null,
    intentId: end.state === 'asked' ? end.intentId : null,
  };
}

const MOST_TRIES = 20;

/** Goes on with a delivery whose process died after it had claimed it. Starting is idempotent by the delivery's id. */
export async function takeUp(room: Room, hook: WebhookRow, delivery: WithBody, parse: Posted['parse']): Promise<void> {
  const lost = lostWords(delivery);
  const headers = new Headers(delivery.headers);
  if (lost === undefined) await settled(room, hook, delivery, parse(delivery.body, headers));
  else
    await settleDelivery(room.database.engine, delivery.org, delivery.id, {
      state: 'refused',
      code: 'INTERRUPTED',
      reason: lost,
    });
}

function lostWords({ redeliveredBy, cut, tries }: WithBody): string | undefined {
  if (redeliveredBy !== null)
    return 'The process that began it ended first. Look whether its run is there, and ask again.';
  if (cut) return 'The process that began it ended first, and its body is longer than what is kept.';
  return tries > MOST_TRIES ? `It was tried ${MOST_TRIES} times and never came to an end.` : undefined;
}
