import type pg from 'pg';
import type { IntentStatus } from '#ir/intent-state.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ApprovalRow, Bound, IntentRow, NewIntent } from './records.js';

/** A transaction: of the ordinary role to read, of the tables' owner to write. */
export type Sql = Pick<pg.ClientBase, 'query'>;

const ROW = `i.org_id as org, i.id, i.intent, i.title, i.reason, i.claimed, i.source, i.plan_digest as "planDigest", i.inputs,
  i.inputs_digest as "inputsDigest", i.target, i.target_digest as "targetDigest", i.queue, i.proposed_by as "proposedBy", i.proposer, i.client,
  i.decision, i.policy_digest as "policyDigest", i.status, i.form, i.created_at as "createdAt", i.expires_at as "expiresAt",
  i.starts_at as "startsAt", i.run_id as "runId", i.word, i.ended_at as "endedAt", i.supersedes, i.superseded_by as "supersededBy",
  clock_timestamp() as now`;

export async function insertIntent(tx: Sql, intent: NewIntent, supersedes: string | null): Promise<void> {
  await tx.query(
    `insert into opsroom.intents (org_id, id, intent, title, reason, claimed, source, plan_digest, inputs, inputs_digest, target, target_digest,
       queue, proposed_by, proposer, client, decision, policy_digest, status, expires_at, run_id, word, supersedes, starts_at, ended_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
       clock_timestamp() + make_interval(secs => $20::float8 / 1000), $21, $22, $23,
       case when $19 = 'running' then clock_timestamp() end, case when $19 = 'denied' then clock_timestamp() end)`,
    [
      intent.org,
      intent.id,
      intent.intent,
      intent.title,
      intent.reason,
      JSON.stringify(intent.claimed),
      JSON.stringify(intent.source),
      intent.planDigest,
      JSON.stringify(intent.inputs),
      intent.inputsDigest,
      JSON.stringify(intent.target),
      intent.targetDigest,
      JSON.stringify(intent.queue),
      intent.proposer.by,
      JSON.stringify(intent.proposer),
      intent.client,
      JSON.stringify(intent.decision),
      intent.policyDigest,
      intent.status,
      intent.ttlMs,
      intent.runId,
      intent.word,
      supersedes,
    ],
  );
}

/** Holds back, until the transaction ends, whoever else proposes as the same principal. */
export async function lockProposer(tx: Sql, org: string, by: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('opsroom.intents/' || $1 || '/' || $2, 0))`, [org, by]);
}

/** How many intents of a principal wait for people. */
export async function countWaiting(tx: Sql, org: string, by: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from opsroom.intents where org_id = $1 and proposed_by = $2 and status = 'waiting'`,
    [org, by],
  );
  return rows[0]?.n ?? 0;
}

/** The one that waits already for the same: same principal, same words, same target. Its row is locked. */
export async function findSame(
  tx: Sql,
  { org, proposer, intent, targetDigest }: Pick<NewIntent, 'org' | 'proposer' | 'intent' | 'targetDigest'>,
): Promise<IntentRow | undefined> {
  const { rows } = await tx.query<IntentRow>(
    `select ${ROW} from opsroom.intents i where i.org_id = $1 and i.proposed_by = $2 and i.status = 'waiting' and i.intent = $3
       and i.target_digest = $4 order by i.created_at desc limit 1 for no key update`,
    [org, proposer.by, intent, targetDigest],
  );
  return rows[0];
}

export async function findIntent(sql: Sql, org: string, id: string): Promise<IntentRow | undefined> {
  const { rows } = await sql.query<IntentRow>(
    `select ${ROW} from opsroom.intents i where i.org_id = $1 and i.id = $2`,
    [org, id],
  );
  return rows[0];
}

/** The same, its row locked until the transaction ends: whoever decides about it waits here for whoever came first. */
export async function lockIntent(tx: Sql, org: string, id: string): Promise<IntentRow | undefined> {
  const { rows } = await tx.query<IntentRow>(
    `select ${ROW} from opsroom.intents i where i.org_id = $1 and i.id = $2 for no key update`,
    [org, id],
  );
  return rows[0];
}

/**
 * Ids that a short form may mean, the newest first, at most five.
 * @param part hexadecimal digits of the id without its hyphens; undefined: the newest
 */
export async function findIntentIds(sql: Sql, org: string, part: string | undefined): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select id from opsroom.intents where org_id = $1 and ($2::text is null or position($2 in replace(id::text, '-', '')) > 0)
     order by created_at desc, id desc limit case when $2::text is null then 1 else 5 end`,
    [org, part ?? null],
  );
  return rows.map(({ id }) => id);
}

export interface IntentFilter {
  readonly status?: readonly IntentStatus[] | undefined;
  /** Any of these names. */
  readonly proposedBy?: readonly string[] | undefined;
  /** Part of the intent's words or of the title, in any case. */
  readonly text?: string | undefined;
}

/** The newest first, after the intent `cursor`. */
export async function listIntents(
  sql: Sql,
  org: string,
  { status, proposedBy, text }: IntentFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<IntentRow[]> {
  const { rows } = await sql.query<IntentRow>(
    `select ${ROW} from opsroom.intents i where i.org_id = $1
       and ($2::uuid is null or (i.created_at, i.id) < ((select created_at from opsroom.intents where org_id = $1 and id = $2), $2))
       and ($3::text[] is null or i.status = any ($3)) and ($4::text[] is null or i.proposed_by = any ($4))
       and ($5::text is null or position(lower($5) in lower(i.intent || ' ' || i.title)) > 0)
     order by i.created_at desc, i.id desc limit $6`,
    [org, cursor ?? null, status ?? null, proposedBy ?? null, text ?? null, limit],
  );
  return rows;
}

/** Whether an intent begins on the machine `$2`. */
const BEGINS = `coalesce(i.queue ->> 'host', $2) = $2`;

export interface IntentDue {
  readonly org: string;
  readonly id: string;
}

/**
 * Open intents that may have to go on: their time has come, their window, or their run has ended or was never written.
 * @param host whoever asks: what is to begin on another machine is left to that
 * @param after only those that come after this one, the oldest first
 */
export async function intentsDue(
  sql: Sql,
  host: string,
  { limit, after }: { readonly limit: number; readonly after: IntentDue | undefined },
): Promise<IntentDue[]> {
  const { rows } = await sql.query<IntentDue>({
    name: 'intents_due',
    text: `select i.org_id as org, i.id from opsroom.intents i
      left join opsroom.runs r on r.org_id = i.org_id and r.id = i.run_id
      where i.status in ('waiting', 'approved', 'running')
        and case i.status
          when 'waiting' then i.expires_at <= clock_timestamp()
          when 'approved' then i.expires_at <= clock_timestamp() or (i.starts_at <= clock_timestamp() and ${BEGINS})
          else r.ended_at is not null or (r.id is null and i.starts_at <= clock_timestamp() - interval '5 seconds' and ${BEGINS}) end
        and ($4::uuid is null
          or (i.created_at, i.id) > ((select created_at from opsroom.intents where org_id = $3 and id = $4), $4))
      order by i.created_at, i.id limit $1`,
    values: [limit, host, after?.org ?? null, after?.id ?? null],
  });
  return rows;
}

export interface IntentChange {
  readonly status?: IntentStatus;
  readonly form?: JsonObject;
  readonly startsAt?: Date;
  readonly expiresAt?: Date;
  readonly runId?: string;
  readonly word?: string;
  readonly supersededBy?: string;
  readonly ended?: boolean;
}

/** Writes what changes of an intent whose row the transaction holds. */
export async function changeIntent(tx: Sql, org: string, id: string, change: IntentChange): Promise<void> {
  await tx.query(
    `update opsroom.intents set status = coalesce($3, status), form = coalesce($4, form), starts_at = coalesce($5, starts_at),
       expires_at = coalesce($6, expires_at), run_id = coalesce($7, run_id), word = coalesce($8, word),
       superseded_by = coalesce($9, superseded_by), ended_at = case when $10 then clock_timestamp() else ended_at end
     where org_id = $1 and id = $2`,
    [
      org,
      id,
      change.status ?? null,
      change.form === undefined ? null : JSON.stringify(change.form),
      change.startsAt ?? null,
      change.expiresAt ?? null,
      change.runId ?? null,
      change.word ?? null,
      change.supersededBy ?? null,
      change.ended === true,
    ],
  );
}

/**
 * Tells whoever watches the room: an event under the id of the intent, beside those of runs. The row of the intent is held, so
 * that no two have one number.
 */
export async function tellIntent(tx: Sql, org: string, id: string, type: string, data: JsonValue): Promise<void> {
  await tx.query(
    `with told as (insert into opsroom.events (org_id, run_id, seq, type, data)
       select $1, $2, coalesce(max(seq), 0) + 1, $3, $4 from opsroom.events where org_id = $1 and run_id = $2)
     select pg_notify('opsroom_runs', $2::text)`,
    [org, id, type, JSON.stringify(data)],
  );
}

export interface NewApproval extends Bound {
  readonly org: string;
  readonly intent: string;
  readonly person: string | null;
  readonly by: string;
  readonly role: string | null;
  readonly verdict: 'approve' | 'reject';
  readonly reason: string;
  readonly form: JsonObject | null;
  readonly breakGlass: boolean;
  readonly expiresAt: Date | null;
}

export async function insertApproval(tx: Sql, approval: NewApproval): Promise<void> {
  const { org, intent, person, by, role, verdict, reason, form, breakGlass, expiresAt } = approval;
  const { planDigest, inputsDigest, targetDigest, policyDigest } = approval;
  const bound = { planDigest, inputsDigest, targetDigest, policyDigest, expiresAt: expiresAt?.toISOString() ?? null };
  await tx.query(
    `insert into opsroom.approvals (org_id, intent_id, seq, person_id, given_by, role, verdict, reason, form, break_glass, bound)
     select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10 from opsroom.approvals where org_id = $1 and intent_id = $2`,
    [
      org,
      intent,
      person,
      by,
      role,
      verdict,
      reason,
      form === null ? null : JSON.stringify(form),
      breakGlass,
      JSON.stringify(bound),
    ],
  );
}

const APPROVAL = `intent_id as intent, seq, person_id as person, given_by as by, role, verdict, reason, form, break_glass as "breakGlass", bound, at`;

/** What people have said to some intents, in its order. */
export async function approvalsOf(
  sql: Sql,
  org: string,
  intents: readonly string[],
): Promise<ReadonlyMap<string, readonly ApprovalRow[]>> {
  const { rows } = await sql.query<ApprovalRow & { intent: string }>(
    `select ${APPROVAL} from opsroom.approvals where org_id = $1 and intent_id = any ($2) order by intent_id, seq`,
    [org, intents],
  );
  const found = new Map<string, ApprovalRow[]>(intents.map((id) => [id, []]));
  for (const { intent, ...row } of rows) found.get(intent)?.push(row);
  return found;
}
