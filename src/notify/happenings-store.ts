import type pg from 'pg';
import { intentPage, runPage } from '#kit/pages.js';
import type { NoticeEvent, NoticeFacts } from './rule.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** Something that happened, and by what it is known again. */
export interface Happening {
  readonly event: NoticeEvent;
  readonly dedupeKey: string;
  /** What is told together: the runs of one title on one target. */
  readonly groupKey: string;
  readonly facts: NoticeFacts;
}

interface Found {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly detail: string | null;
  readonly by: string | null;
  readonly lane: string | null;
  readonly environment: string | null;
  readonly app: string | null;
  readonly path: string;
  readonly at: Date;
}

/** At most so many of one kind are told of at once: a flood is summed up, not repeated. */
const MOST = 500;
/** So long runs may wait for a worker before that is told. */
const PATIENCE = '1 minute';

/** The row of a run keeps what a first rollback left also when a later one took it back. */
const ENDED = (statuses: string) => `
  select id || ':' || to_char(ended_at at time zone 'UTC', 'YYYYMMDDHH24MISSMS') as key, title || target::text as "group", title,
    case when status = 'failed' or error ->> 'code' <> 'ROLLBACK_INCOMPLETE' then error ->> 'message' end as detail,
    requested_by as by, lane, target ->> 'environment' as environment, target ->> 'app' as app,
    '${runPage('')}' || id as path, ended_at as at
  from opsroom.runs where org_id = $1 and ended_at > $2 and status in (${statuses})
  order by ended_at desc limit ${MOST}`;

/** Each asks for what has happened in an organisation ($1) since a time ($2). */
const QUESTIONS: Readonly<Record<NoticeEvent, string>> = {
  'run.failed': ENDED(`'failed', 'rolled_back'`),
  'run.succeeded': ENDED(`'succeeded'`),
  // One that waits for a time wakes by itself. What it waited for tells two waits of a run apart.
  'run.waits': `
    select id || ':' || md5(parked::text) as key, title || target::text as "group", title, parked ->> 'what' as detail,
      requested_by as by, lane, target ->> 'environment' as environment, target ->> 'app' as app, '${runPage('')}' || id as path, seen.at
    from opsroom.runs r, lateral (select max(e.at) as at from opsroom.events e where e.org_id = r.org_id and e.run_id = r.id) seen
    where org_id = $1 and status = 'waiting' and wake_at is null and parked is not null and seen.at > $2
    order by seen.at desc limit ${MOST}`,
  'approval.waits': `
    select id::text as key, title || target::text as "group", title, nullif(reason, '') as detail, proposed_by as by, queue ->> 'lane' as lane,
      target ->> 'environment' as environment, target ->> 'app' as app, '${intentPage('')}' || id as path, created_at as at
    from opsroom.intents where org_id = $1 and status = 'waiting' and created_at > $2 order by created_at desc limit ${MOST}`,
  'worker.lost': `
    select id::text as key, host as "group", 'process ' || pid || ' on ' || host as title,
      'It stopped beating at ' || to_char(beat_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '; its runs go on elsewhere.' as detail,
      null as by, null as lane, null as environment, null as app, '/' as path, lost_at as at
    from opsroom.lost_workers where $1::uuid is not null and lost_at > $2 order by lost_at desc limit ${MOST}`,
  'room.degraded': `
    select min(id::text) as key, 'no worker' as "group", 'runs wait, and no worker takes them' as title,
      count(*) || ' since ' || to_char(min(queued_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as detail,
      null as by, null as lane, null as environment, null as app, '/' as path, clock_timestamp() as at
    from opsroom.runs where org_id = $1 and $2::timestamptz is not null and status in ('queued', 'released')
      and queued_at < clock_timestamp() - interval '${PATIENCE}' and coalesce(not_before, queued_at) < clock_timestamp() - interval '${PATIENCE}'
      and not exists (select 1 from opsroom.workers where takes = 'all' and not draining and beat_at > clock_timestamp() - interval '${PATIENCE}')
    having count(*) > 0`,
};

/** What has happened since, of the kinds asked for, the oldest first. */
export async function happenings(
  tx: Sql,
  org: string,
  events: Iterable<NoticeEvent>,
  since: Date,
): Promise<Happening[]> {
  const all: Happening[] = [];
  // One after the other: they share the transaction's connection.
  for (const event of events) {
    const { rows } = await tx.query<Found>(QUESTIONS[event], [org, since]);
    all.push(...rows.reverse().map((found) => happening(event, found)));
  }
  return all;
}

function happening(event: NoticeEvent, { key, group, at, ...facts }: Found): Happening {
  return {
    event,
    dedupeKey: `${event}:${key}`,
    groupKey: `${event}:${group}`,
    facts: { ...facts, at: at.toISOString() },
  };
}
