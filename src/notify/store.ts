import type pg from 'pg';
import type { NoticeEvent, NoticeFacts, Only, Place, Quiet } from './rule.js';

/** Anything that runs a statement: a pool, or a client inside a transaction. */
export type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** Who is told what. */
export interface RuleRow {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly events: readonly NoticeEvent[];
  readonly only: Only;
  readonly quiet: Quiet | null;
  readonly groupMinutes: number;
  readonly paused: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** Rules that were made before mail servers had to be named have no `allowAddresses`. */
const PLACE = `case place ->> 'kind' when 'email' then '{"allowAddresses": []}'::jsonb || place else place end as place`;
const RULE = `org_id as org, id, name, ${PLACE}, events, only_of as "only", quiet, group_minutes as "groupMinutes", paused,
  created_by as "createdBy", created_at as "createdAt"`;

export async function listRules(sql: Sql, org: string): Promise<RuleRow[]> {
  const text = `select ${RULE} from opsroom.notification_rules where org_id = $1 order by lower(name), id`;
  return (await sql.query<RuleRow>(text, [org])).rows;
}

/** @param which its id or its name; an id wins */
export async function findRule(sql: Sql, org: string, which: string): Promise<RuleRow | undefined> {
  const text = `select ${RULE} from opsroom.notification_rules where org_id = $1 and (id::text = $2 or name = $2)
    order by id::text = $2 desc limit 1`;
  return (await sql.query<RuleRow>(text, [org, which])).rows[0];
}

export type NewRule = Omit<RuleRow, 'createdAt'>;

/** Undefined when there is a rule of that name. */
export async function insertRule(tx: Sql, rule: NewRule): Promise<RuleRow | undefined> {
  const { rows } = await tx.query<RuleRow>(
    `insert into opsroom.notification_rules (org_id, id, name, place, events, only_of, quiet, group_minutes, paused, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (org_id, name) do nothing returning ${RULE}`,
    [rule.org, rule.id, rule.name, json(rule.place), rule.events, json(rule.only), json(rule.quiet), ...tail(rule)],
  );
  return rows[0];
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
const tail = ({ groupMinutes, paused, createdBy }: NewRule) => [groupMinutes, paused, createdBy];

/** Undefined when there is no such rule. A rule that goes on after a pause tells nothing of what was meanwhile. */
export async function updateRule(tx: Sql, rule: Omit<NewRule, 'createdBy'>): Promise<RuleRow | undefined> {
  const { rows } = await tx.query<RuleRow>(
    `update opsroom.notification_rules set name = $3, place = $4, events = $5, only_of = $6, quiet = $7, group_minutes = $8,
       paused = $9, tells_from = case when paused and not $9 then clock_timestamp() else tells_from end
     where org_id = $1 and id = $2 returning ${RULE}`,
    [
      rule.org,
      rule.id,
      rule.name,
      json(rule.place),
      rule.events,
      json(rule.only),
      json(rule.quiet),
      rule.groupMinutes,
      rule.paused,
    ],
  );
  return rows[0];
}

/** Its notifications go with it. */
export async function deleteRule(tx: Sql, org: string, id: string): Promise<void> {
  await tx.query('delete from opsroom.notification_rules where org_id = $1 and id = $2', [org, id]);
}

/** What has been told, or waits to be. */
export interface NotificationRow {
  readonly id: string;
  readonly rule: string;
  readonly event: NoticeEvent;
  readonly facts: NoticeFacts;
  readonly status: 'pending' | 'sending' | 'sent' | 'failed';
  readonly attempts: number;
  readonly dueAt: Date;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** The newest first. */
export async function listNotifications(sql: Sql, org: string, limit: number): Promise<NotificationRow[]> {
  const { rows } = await sql.query<NotificationRow>(
    `select n.id, r.name as rule, n.event, n.facts, n.status, n.attempts, n.due_at as "dueAt", n.error,
       n.created_at as "createdAt", n.ended_at as "endedAt"
     from opsroom.notifications n join opsroom.notification_rules r on r.org_id = n.org_id and r.id = n.rule_id
     where n.org_id = $1 order by n.created_at desc, n.id desc limit $2`,
    [org, limit],
  );
  return rows;
}

export interface NewNotification {
  readonly org: string;
  readonly id: string;
  readonly rule: string;
  readonly event: NoticeEvent;
  readonly dedupeKey: string;
  readonly groupKey: string;
  readonly facts: NoticeFacts;
  readonly dueAt: Date;
}

/** What is there already stays as it is. */
export async function insertNotifications(tx: Sql, all: readonly NewNotification[]): Promise<void> {
  if (all.length === 0) return;
  await tx.query(
    `insert into opsroom.notifications (org_id, id, rule_id, event, dedupe_key, group_key, facts, due_at)
     select org, id, rule, event, "dedupeKey", "groupKey", facts, "dueAt" from jsonb_to_recordset($1::jsonb)
       n (org uuid, id uuid, rule uuid, event text, "dedupeKey" text, "groupKey" text, facts jsonb, "dueAt" timestamptz)
     on conflict (org_id, rule_id, dedupe_key) do nothing`,
    [JSON.stringify(all)],
  );
}

/** When something of each group was last told, of the groups named. */
export async function lastSent(
  tx: Sql,
  org: string,
  rule: string,
  groups: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await tx.query<{ group: string; at: Date }>(
    `select group_key as "group", max(ended_at) as at from opsroom.notifications
     where org_id = $1 and rule_id = $2 and group_key = any ($3) and status = 'sent' group by 1`,
    [org, rule, groups],
  );
  return new Map(rows.map(({ group, at }) => [group, at]));
}

/** A rule that is to look for something to tell: since when, and from when on it tells at all. */
export type LookingRule = RuleRow & { readonly since: Date; readonly tellsFrom: Date; readonly now: Date };

export async function organisationsWithRules(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ org: string }>(
    'select distinct org_id as org from opsroom.notification_rules where not paused order by 1',
  );
  return rows.map(({ org }) => org);
}

/**
 * Every rule of an organisation that is not paused, held until the transaction ends: rules that another process looks for at this
 * moment are left out.
 */
export async function holdRules(tx: Sql, org: string): Promise<LookingRule[]> {
  const { rows } = await tx.query<LookingRule>(
    `select ${RULE}, looked_at as since, tells_from as "tellsFrom", clock_timestamp() as now from opsroom.notification_rules where org_id = $1 and not paused
     order by id for no key update skip locked`,
    [org],
  );
  return rows;
}

export async function noteLooked(tx: Sql, { org, id, now }: LookingRule): Promise<void> {
  await tx.query('update opsroom.notification_rules set looked_at = $3 where org_id = $1 and id = $2', [org, id, now]);
}

/** Some that are told together, claimed for a minute. */
export interface Claimed {
  readonly rule: RuleRow;
  readonly event: NoticeEvent;
  readonly attempts: number;
  readonly ids: readonly string[];
  readonly facts: readonly NoticeFacts[];
}

/** For so long a claim holds; sending takes at most half of it. */
const CLAIM = '60 seconds';

/**
 * Takes the group that has been due the longest, with all of it that waits: what came within the group's minutes is told in one
 * message. Whoever claimed one and died leaves it to the next after a minute.
 */
export async function claimDue(sql: Sql): Promise<Claimed | undefined> {
  const { rows } = await sql.query<
    { id: string; org: string; rule: string } & Omit<Claimed, 'rule' | 'ids' | 'facts'> & {
        facts: NoticeFacts;
      }
  >(
    `with first as (
       select org_id, rule_id, group_key from opsroom.notifications
       where (status = 'pending' and due_at <= clock_timestamp()) or (status = 'sending' and claimed_until < clock_timestamp())
       order by due_at, id limit 1 for update skip locked),
     mine as (
       select n.org_id, n.id from opsroom.notifications n join first f using (org_id, rule_id, group_key)
       where n.status = 'pending' or (n.status = 'sending' and n.claimed_until < clock_timestamp())
       order by n.id limit 200 for update of n skip locked)
     update opsroom.notifications n set status = 'sending', attempts = n.attempts + 1,
       claimed_until = clock_timestamp() + interval '${CLAIM}'
     from mine m where n.org_id = m.org_id and n.id = m.id
     returning n.org_id as org, n.id, n.rule_id as rule, n.event, n.attempts, n.facts`,
  );
  const [first] = rows;
  if (!first) return undefined;
  const rule = await findRule(sql, first.org, first.rule);
  if (!rule) return undefined; // deleted in between, and they with it
  const ordered = rows.toSorted((a, b) => a.facts.at.localeCompare(b.facts.at));
  return {
    rule,
    event: first.event,
    attempts: Math.max(...rows.map(({ attempts }) => attempts)),
    ids: ordered.map(({ id }) => id),
    facts: ordered.map(({ facts }) => facts),
  };
}

/** What became of an attempt to tell. */
export type Told =
  | { readonly status: 'sent' }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'pending'; readonly error: string; readonly inMs: number };

export async function noteTold(sql: Sql, org: string, ids: readonly string[], told: Told): Promise<void> {
  const error = 'error' in told ? told.error : null;
  const inMs = told.status === 'pending' ? told.inMs : 0;
  await sql.query(
    `update opsroom.notifications set status = $3, error = $4, claimed_until = null,
       due_at = case when $3 = 'pending' then clock_timestamp() + make_interval(secs => $5::float8 / 1000) else due_at end,
       ended_at = case when $3 = 'pending' then null else clock_timestamp() end
     where org_id = $1 and id = any ($2) and status = 'sending'`,
    [org, ids, told.status, error, inMs],
  );
}

/** Puts one that failed back, to be told at once. False when there is none. */
export async function retryNotification(tx: Sql, org: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opsroom.notifications set status = 'pending', attempts = 0, error = null, ended_at = null, due_at = clock_timestamp()
     where org_id = $1 and id::text = $2 and status = 'failed'`,
    [org, id],
  );
  return rowCount === 1;
}

/** Notes of what was told go after so many days, and of lost workers with them. */
export async function pruneNotifications(sql: Sql, days: number): Promise<void> {
  await sql.query(`delete from opsroom.notifications where ended_at < clock_timestamp() - make_interval(days => $1)`, [
    days,
  ]);
  await sql.query(`delete from opsroom.lost_workers where lost_at < clock_timestamp() - make_interval(days => $1)`, [
    days,
  ]);
}
