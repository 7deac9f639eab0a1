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
  /** The members of an operation's input that name something, as this organisation names it. */
  namedIn(input: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

export const orgOf = async ({ room }: TestApi, name: string): Promise<string> =>
  (await invoke(createOrganisation, { name }, room)).organisationId;

let worlds = 0;

/** Fills the first organisation with one of each thing that can be named. */
export async function seeded({ room, db }: TestApi): Promise<World> {
  const mark = `mark-of-the-first-${++worlds}`;
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
  await invoke(setSecret, { name: mark.replaceAll('-', '_').toUpperCase(), value: `${mark} is its value` }, room);
  const rule = { ...EXAMPLES['notifications.create']?.input, name: mark };
  const { ruleId } = await invoke(createNotificationRule, rule, room);
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
    member: people.rows[0]?.person,
    signIn: people.rows[0]?.signIn,
    organisation: room.org,
  };
  return {
    mark,
    namedIn: (input) =>
      Object.fromEntries(Object.keys(input).flatMap((name) => (name in names ? [[name, names[name]]] : []))),
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
