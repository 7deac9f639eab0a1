import { uuidv7 } from '#kit/ids.js';
import type { NoticeFacts } from '#notify/rule.js';
import { createIntent } from '#operations/intents/create.js';
import { createInvitation } from '#operations/invitations/create.js';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { createNotificationRule } from '#operations/notifications/rules.js';
import { createOrganisation } from '#operations/organisations/create.js';
import { startRun } from '#operations/runs/start.js';
import { createSchedule } from '#operations/schedules/create.js';
import { setSecret } from '#operations/secrets/set.js';
import { createSession } from '#operations/sessions/create.js';
import { createView } from '#operations/views/create.js';
import { createWebhook } from '#operations/webhooks/create.js';
import { EXAMPLES } from '#server/examples.js';
import type { TestApi } from '../harness/api.js';

/** What an organisation has, for another to ask for. */
export interface World {
  /** Stands in the name of everything. */
  readonly mark: string;
  /** The members of an operation's input that name something that is there, as this organisation names it. */
  namedIn(operation: string, input: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

export const orgOf = async ({ room }: TestApi, name: string): Promise<string> =>
  (await invoke(createOrganisation, { name }, room)).organisationId;

const NAMED_SECRET: ReadonlySet<string> = new Set(['secrets.bind', 'secrets.get', 'secrets.remove']);

let worlds = 0;

/** Fills the first organisation with one of each thing that can be named. */
export async function seeded({ room, db }: TestApi): Promise<World> {
  // What every kind of name takes, that of a secret too.
  const mark = `MARK_OF_THE_FIRST_${++worlds}`;
  const value = {
    apiVersion: 'opsroom/v1',
    title: mark,
    steps: [{ id: 'hello', tool: 'shell', args: { run: `echo ${mark}` } }],
  };
  const { runId, planDigest } = await invoke(startRun, { plan: { value }, inputs: {} }, room);
  const { sessionId } = await invoke(createSession, { name: mark, intent: mark }, room);
  const { viewId } = await invoke(createView, { name: mark, filter: {}, shared: true }, room);
  const { keyId } = await invoke(createKey, { name: mark, scopes: ['run:read'] }, room);
  const { invitationId } = await invoke(createInvitation, { role: 'viewer', email: `${mark}@ops.example` }, room);
  const intent = await invoke(createIntent, { intent: mark, plan: { value } }, room);
  const schedule = await invoke(
    createSchedule,
    { name: mark, cron: '30 2 * * *', zone: 'Europe/Berlin', plan: { digest: planDigest } },
    room,
  );
  const webhook = await invoke(createWebhook, { name: mark, form: 'standard', plan: { digest: planDigest } }, room);
  await invoke(setSecret, { name: mark, value: `${mark} is its value` }, room);
  const rule = { ...EXAMPLES['notifications.create']?.input, name: mark };
  const { ruleId } = await invoke(createNotificationRule, rule, room);
  const notification = uuidv7();
  const nothing = { detail: null, by: null, lane: null, environment: null, app: null };
  const facts: NoticeFacts = { ...nothing, title: mark, path: '/', at: new Date().toISOString() };
  await db.database.engine.query(
    `insert into opsroom.notifications (org_id, id, rule_id, event, dedupe_key, group_key, facts, due_at, status, error, ended_at)
     values ($1, $2, $3, 'run.failed', $4, $4, $5, now(), 'failed', $4, now())`,
    [room.org, notification, ruleId, mark, facts],
  );
  const people = await db.database.engine.query<{ person: string; signIn: string }>(
    'select m.person_id as person, s.id as "signIn" from opsroom.members m join opsroom.sign_ins s using (person_id) where m.org_id = $1 limit 1',
    [room.org],
  );
  const names: Readonly<Record<string, unknown>> = {
    run: runId,
    session: sessionId,
    view: viewId,
    key: keyId,
    invitation: invitationId,
    intent: intent.intentId,
    id: intent.intentId,
    schedule: schedule.scheduleId,
    webhook: webhook.webhookId,
    rule: ruleId,
    notification,
    member: people.rows[0]?.person,
    signIn: people.rows[0]?.signIn,
    organisation: room.org,
  };
  return {
    mark,
    namedIn: (operation, input) => {
      // Elsewhere a `name` is what something new is to be called.
      const all = NAMED_SECRET.has(operation) ? { ...names, name: mark, environment: undefined } : names;
      return Object.fromEntries(Object.keys(input).flatMap((name) => (name in all ? [[name, all[name]]] : [])));
    },
  };
}

/** A digest of each table's rows of one organisation; that a key or a sign-in was used is no change. */
export async function digestsOf({ db }: TestApi, org: string): Promise<Record<string, string>> {
  const { engine } = db.database;
  const { rows: tables } = await engine.query<{ name: string }>(
    `select c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
     where c.relnamespace = 'opsroom'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const text = `select count(*)::text || ' ' || coalesce(md5(string_agg(t, '' order by t)), '') as digest
      from (select (to_jsonb(r) - 'last_used_at' - 'updated_at')::text as t from opsroom."${name}" r where org_id = $1) rows`;
    digests[name] = (await engine.query<{ digest: string }>(text, [org])).rows[0]?.digest ?? '';
  }
  return digests;
}
