import type { Outcome, Sql } from './request.js';

export const DELIVERY_STATES = ['claimed', 'started', 'asked', 'filtered', 'ignored', 'refused'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One delivery whose signature held. */
export interface DeliveryRow {
  readonly org: string;
  readonly webhookId: string;
  readonly id: string;
  readonly senderId: string;
  readonly event: string;
  readonly receivedAt: Date;
  /** Without what signs or authenticates. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyDigest: string;
  readonly bodyBytes: number;
  /** Longer than what is kept. */
  readonly cut: boolean;
  readonly redeliveryOf: string | null;
  readonly redeliveredBy: string | null;
  readonly state: DeliveryState;
  readonly code: string | null;
  readonly reason: string | null;
  readonly runId: string | null;
  readonly intentId: string | null;
  readonly tries: number;
}

const ROW = `d.org_id as org, d.webhook_id as "webhookId", d.id, d.sender_id as "senderId", d.event, d.received_at as "receivedAt", d.headers,
  d.body_digest as "bodyDigest", d.body_bytes as "bodyBytes", d.cut, d.redelivery_of as "redeliveryOf", d.redelivered_by as "redeliveredBy", d.state,
  d.code, d.reason, d.run_id as "runId", d.intent_id as "intentId", d.tries`;

export interface NewDelivery
  extends Pick<
    DeliveryRow,
    'org' | 'webhookId' | 'id' | 'senderId' | 'event' | 'headers' | 'bodyDigest' | 'bodyBytes' | 'cut'
  > {
  readonly signedOnce: string;
  /** At most what is kept of it. */
  readonly body: Uint8Array;
  readonly redeliveryOf: string | null;
  readonly redeliveredBy: string | null;
}

/** False when it came before: by the sender's name for it, or by what its signature covers. */
export async function insertDelivery(sql: Sql, delivery: NewDelivery): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'insert_delivery',
    text: `insert into opsroom.webhook_deliveries (org_id, webhook_id, id, sender_id, event, headers, body_digest, body_bytes, body, cut, signed_once,
        redelivery_of, redelivered_by, state)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'claimed') on conflict do nothing`,
    values: [
      delivery.org,
      delivery.webhookId,
      delivery.id,
      delivery.senderId,
      delivery.event,
      JSON.stringify(delivery.headers),
      delivery.bodyDigest,
      delivery.bodyBytes,
      delivery.body,
      delivery.cut,
      delivery.signedOnce,
      delivery.redeliveryOf,
      delivery.redeliveredBy,
    ],
  });
  return rowCount === 1;
}

/** What came first under this name of the sender's. */
export async function findBySender(
  sql: Sql,
  org: string,
  webhook: string,
  senderId: string,
): Promise<DeliveryRow | undefined> {
  const { rows } = await sql.query<DeliveryRow>(
    `select ${ROW} from opsroom.webhook_deliveries d
     where d.org_id = $1 and d.webhook_id = $2 and d.sender_id = $3 and d.redelivery_of is null`,
    [org, webhook, senderId],
  );
  return rows[0];
}

export type WithBody = DeliveryRow & { readonly body: Buffer };

export async function findDelivery(sql: Sql, org: string, webhook: string, id: string): Promise<WithBody | undefined> {
  const { rows } = await sql.query<WithBody>(
    `select ${ROW}, d.body from opsroom.webhook_deliveries d where d.org_id = $1 and d.webhook_id = $2 and d.id = $3`,
    [org, webhook, id],
  );
  return rows[0];
}

/** The latest first, from after `cursor` on. */
export async function listDeliveries(
  sql: Sql,
  org: string,
  webhook: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): Promise<DeliveryRow[]> {
  const { rows } = await sql.query<DeliveryRow>(
    `select ${ROW} from opsroom.webhook_deliveries d where d.org_id = $1 and d.webhook_id = $2
       and ($3::uuid is null or (d.received_at, d.id) < ((select received_at from opsroom.webhook_deliveries where org_id = $1 and id = $3), $3))
     order by d.received_at desc, d.id desc limit $4`,
    [org, webhook, cursor ?? null, limit],
  );
  return rows;
}

/** The latest of each webhook, by its id. */
export async function latestDeliveries(sql: Sql, org: string): Promise<Map<string, DeliveryRow>> {
  const { rows } = await sql.query<DeliveryRow>(
    `select x.* from opsroom.webhooks w cross join lateral (
       select ${ROW} from opsroom.webhook_deliveries d where d.org_id = w.org_id and d.webhook_id = w.id
       order by d.received_at desc, d.id desc limit 1) x
     where w.org_id = $1`,
    [org],
  );
  return new Map(rows.map((row) => [row.webhookId, row]));
}

/** What became of a delivery. */
export type DeliveryEnd = Outcome | { readonly state: 'filtered' | 'ignored'; readonly reason: string };

/** Writes down what became of a claim; one that somebody else has settled meanwhile stays as it is. */
export async function settleDelivery(sql: Sql, org: string, id: string, end: DeliveryEnd): Promise<void> {
  await sql.query({
    name: 'settle_delivery',
    text: `update opsroom.webhook_deliveries set state = $3, run_id = $4, intent_id = $5, code = $6, reason = $7, settled_at = clock_timestamp()
      where org_id = $1 and id = $2 and state = 'claimed'`,
    values: [
      org,
      id,
      end.state,
      end.state === 'started' ? end.runId : null,
      end.state === 'asked' ? end.intentId : null,
      end.state === 'refused' ? end.code : null,
      'reason' in end ? end.reason : null,
    ],
  });
}

/** Leaves a claim to another machine, which takes it over when it looks next. */
export async function leaveDelivery(sql: Sql, org: string, id: string): Promise<void> {
  await sql.query({
    name: 'leave_delivery',
    text: `update opsroom.webhook_deliveries set claimed_at = '-infinity' where org_id = $1 and id = $2 and state = 'claimed'`,
    values: [org, id],
  });
}

/** Takes over deliveries whose process did not get to the end of them. */
export async function takeOverDeliveries(
  sql: Sql,
  { afterMs, host, most }: { readonly afterMs: number; readonly host: string; readonly most: number },
): Promise<WithBody[]> {
  const { rows } = await sql.query<WithBody>({
    name: 'take_over_deliveries',
    text: `with old as (
        select d.org_id, d.id from opsroom.webhook_deliveries d join opsroom.webhooks w on w.org_id = d.org_id and w.id = d.webhook_id
        where d.state = 'claimed' and d.claimed_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)
          and (w.host = $2 or w.plan ? 'digest')
        order by d.claimed_at limit $3 for update of d skip locked)
      update opsroom.webhook_deliveries d set claimed_at = clock_timestamp(), tries = d.tries + 1 from old
      where d.org_id = old.org_id and d.id = old.id returning ${ROW}, d.body`,
    values: [afterMs, host, most],
  });
  return rows;
}

export interface KeptBodies {
  /** Of what started nothing because it was not meant: for so many days. */
  readonly days: number;
  /** Of one webhook: the latest, with so many bytes together. */
  readonly mostBytes: number;
}

/** Lets go of bodies; that they came, and what became of them, stays. */
export async function pruneBodies(sql: Sql, { days, mostBytes }: KeptBodies): Promise<void> {
  await sql.query(
    `update opsroom.webhook_deliveries d set body = '', cut = true from (
       select org_id, id, sum(octet_length(body)) over (partition by org_id, webhook_id order by received_at desc, id desc) as bytes
       from opsroom.webhook_deliveries where octet_length(body) > 0) kept
     where d.org_id = kept.org_id and d.id = kept.id and d.state <> 'claimed' and (kept.bytes > $2
       or (d.state in ('filtered', 'ignored') and d.settled_at < clock_timestamp() - make_interval(days => $1)))`,
    [days, mostBytes],
  );
}

/** Gives up what was left to a machine that has not come for so many days. */
export async function giveUpDeliveries(sql: Sql, days: number): Promise<void> {
  await sql.query(
    `update opsroom.webhook_deliveries set state = 'refused', code = 'INTERRUPTED', settled_at = clock_timestamp(), reason = $2
     where state = 'claimed' and received_at < clock_timestamp() - make_interval(days => $1)`,
    [days, `No machine that could have begun it came for ${days} days.`],
  );
}

/** Forgets what was settled so many days ago: from then on it could be delivered again. */
export async function pruneDeliveries(sql: Sql, days: number): Promise<void> {
  await sql.query(
    'delete from opsroom.webhook_deliveries where settled_at < clock_timestamp() - make_interval(days => $1)',
    [days],
  );
}
