import type { Job, Maker, Sql } from './request.js';
import type { WebhookForm } from './signature.js';

export interface WebhookRow extends Job, Maker {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly form: WebhookForm;
  /** Name of an input → an expression over the event. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Only events for which it is true start anything; null: all. */
  readonly filter: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
}

const ROW = `w.org_id as org, w.id, w.name, w.form, w.plan, w.plan_title as "planTitle", w.inputs, w.filter, w.lane, w.session, w.host, w.folder,
  w.made_by as "madeBy", w.person_id as person, w.key_id as key, w.created_at as "createdAt", w.changed_at as "changedAt",
  w.paused_at as "pausedAt", w.paused_by as "pausedBy"`;

export type NewWebhook = Omit<WebhookRow, 'createdAt' | 'changedAt' | 'pausedAt' | 'pausedBy'>;

function values(hook: NewWebhook): unknown[] {
  return [
    hook.org,
    hook.id,
    hook.name,
    hook.form,
    JSON.stringify(hook.plan),
    hook.planTitle,
    JSON.stringify(hook.inputs),
    hook.filter,
    hook.lane,
    hook.session,
    hook.host,
    hook.folder,
    hook.madeBy,
    hook.person,
    hook.key,
  ];
}

/** False when there is one of that name. */
export async function insertWebhook(tx: Sql, hook: NewWebhook): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into opsroom.webhooks (org_id, id, name, form, plan, plan_title, inputs, filter, lane, session, host, folder, made_by, person_id, key_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (org_id, name) do nothing`,
    values(hook),
  );
  return rowCount === 1;
}

/** Writes all that may change; its maker is whoever changed it. */
export async function updateWebhook(tx: Sql, hook: NewWebhook): Promise<void> {
  await tx.query(
    `update opsroom.webhooks set name = $3, form = $4, plan = $5, plan_title = $6, inputs = $7, filter = $8, lane = $9, session = $10, host = $11,
       folder = $12, made_by = $13, person_id = $14, key_id = $15, changed_at = clock_timestamp() where org_id = $1 and id = $2`,
    values(hook),
  );
}

/** By its id or its name. `locked`: until the transaction ends. */
export async function findWebhook(
  sql: Sql,
  org: string,
  which: string,
  locked = false,
): Promise<WebhookRow | undefined> {
  const { rows } = await sql.query<WebhookRow>(
    `select ${ROW} from opsroom.webhooks w where w.org_id = $1 and (w.id::text = $2 or w.name = $2)
     order by w.id::text = $2 desc limit 1 ${locked ? 'for update' : ''}`,
    [org, which],
  );
  return rows[0];
}

/** The one behind an address, of whichever organisation: asked as the tables' owner, before it is known whose it is. */
export async function findAddressed(owner: Sql, id: string): Promise<WebhookRow | undefined> {
  const text = `select ${ROW} from opsroom.webhooks w where w.id = $1`;
  const { rows } = await owner.query<WebhookRow>({ name: 'find_addressed_webhook', text, values: [id] });
  return rows[0];
}

export async function listWebhooks(sql: Sql, org: string): Promise<WebhookRow[]> {
  const { rows } = await sql.query<WebhookRow>(
    `select ${ROW} from opsroom.webhooks w where w.org_id = $1 order by w.name`,
    [org],
  );
  return rows;
}

/** With its secrets and the list of deliveries; its runs stay. */
export async function deleteWebhook(tx: Sql, org: string, id: string): Promise<void> {
  await tx.query('delete from opsroom.webhooks where org_id = $1 and id = $2', [org, id]);
}

/** `by` null: no longer paused. */
export async function pauseWebhook(tx: Sql, org: string, id: string, by: string | null): Promise<void> {
  await tx.query(
    `update opsroom.webhooks set paused_by = $3::text, paused_at = case when $3::text is not null then clock_timestamp() end
     where org_id = $1 and id = $2`,
    [org, id, by],
  );
}

/** A secret as the vault seals it. */
export interface SealedSecret {
  readonly n: number;
  readonly keyId: string;
  readonly dataKey: Buffer;
  readonly body: Buffer;
}

/** What of a secret may be shown. */
export interface SecretState {
  readonly n: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}

/** Those with which a sender may sign now. Asked as the tables' owner. */
export async function secretsInUse(owner: Sql, org: string, id: string): Promise<SealedSecret[]> {
  const { rows } = await owner.query<SealedSecret>({
    name: 'webhook_secrets_in_use',
    text: `select n, vault_key_id as "keyId", data_key as "dataKey", body from opsroom.webhook_secrets
      where org_id = $1 and webhook_id = $2 and (expires_at is null or expires_at > clock_timestamp()) order by n desc`,
    values: [org, id],
  });
  return rows;
}

export async function secretStates(sql: Sql, org: string, id: string): Promise<SecretState[]> {
  const { rows } = await sql.query<SecretState>(
    `select n, created_at as "createdAt", created_by as "createdBy", expires_at as "expiresAt" from opsroom.webhook_secrets
     where org_id = $1 and webhook_id = $2 and (expires_at is null or expires_at > clock_timestamp()) order by n desc`,
    [org, id],
  );
  return rows;
}

/** The number of the next secret; under the lock of the webhook's row. */
export async function nextSecretNumber(tx: Sql, org: string, id: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'select coalesce(max(n), 0) + 1 as n from opsroom.webhook_secrets where org_id = $1 and webhook_id = $2',
    [org, id],
  );
  return rows[0]?.n ?? 1;
}

/** Adds a secret. The one before it is good for `keepS` more, and what is older goes: never more than two are. */
export async function addSecret(
  tx: Sql,
  { org, id }: Pick<WebhookRow, 'org' | 'id'>,
  { n, keyId, dataKey, body }: SealedSecret,
  { by, keepS }: { readonly by: string; readonly keepS: number },
): Promise<void> {
  await tx.query('delete from opsroom.webhook_secrets where org_id = $1 and webhook_id = $2 and n < $3 - 1', [
    org,
    id,
    n,
  ]);
  await tx.query(
    `update opsroom.webhook_secrets set expires_at = least(coalesce(expires_at, 'infinity'), clock_timestamp() + make_interval(secs => $3))
     where org_id = $1 and webhook_id = $2`,
    [org, id, keepS],
  );
  await tx.query(
    `insert into opsroom.webhook_secrets (org_id, webhook_id, n, vault_key_id, data_key, body, created_by) values ($1, $2, $3, $4, $5, $6, $7)`,
    [org, id, n, keyId, dataKey, body, by],
  );
}
