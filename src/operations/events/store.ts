import type { Sql } from '#execute/sql.js';
import type { RunEvent } from '#execute/views/store.js';
import type { Cursor, Look } from './cursor.js';

/** One thing that happened in any run of the room, or to an intent: then its type is `intent.…`, and `run` the id of the intent. */
export interface RoomEvent extends RunEvent {
  /** The transaction that wrote it. */
  readonly xid: number;
  readonly run: string;
  /** Of the run. */
  readonly title: string;
  readonly lane: string;
}

/** An event as watchers are told it. */
export function toldEvent(event: RoomEvent): Omit<RoomEvent, 'xid'> {
  const { xid: _, ...told } = event;
  return told;
}

export interface RoomLook extends Look {
  /** In the order of the transactions, and within one by run and number. */
  readonly events: readonly RoomEvent[];
  /** The number that no transaction has reached yet. */
  readonly end: number;
}

type Row = Omit<RoomEvent, 'xid'> & { readonly xid: number | null };
type Framed = { readonly running: number[]; readonly end: number };

const SNAPSHOT = `s as materialized (
    select pg_snapshot_xmax(snap) as "end", array(select x::text::bigint from pg_snapshot_xip(snap) x) as running
    from pg_current_snapshot() snap)`;
const EVENT = 'xid, run_id, seq, type, step_id, item, attempt, data, at';

/**
 * What a reader at `cursor` has not seen, of at most as many transactions as it takes to have `limit` events: a transaction
 * is never cut. Numbers from beyond the end were given by another server, from which the rows were copied: they mean nothing.
 */
export async function roomEventsAfter(sql: Sql, org: string, cursor: Cursor, limit: number): Promise<RoomLook> {
  const { rows } = await sql.query<Row & Framed>({
    name: 'room_events_after',
    text: `with ${SNAPSHOT}
      select s.running, s."end"::text::bigint as "end", e.xid::text::bigint as xid, e.run_id as run,
        coalesce(r.title, e.data ->> 'title', '') as title, coalesce(r.lane, '') as lane,
        e.seq, e.type, e.step_id as step, e.item, e.attempt, e.data, e.at
      from s left join lateral (
        select ${EVENT} from (
          (select ${EVENT} from opsroom.events
            where org_id = $1 and xid >= $2::text::xid8 and xid < s."end" order by xid fetch first ($4) rows with ties)
          union all
          (select ${EVENT} from opsroom.events
            where org_id = $1 and xid = any ($3::text[]::xid8[]) order by xid fetch first ($4) rows with ties)) u
        order by xid fetch first ($4) rows with ties) e on true
      left join opsroom.runs r on r.org_id = $1 and r.id = e.run_id
      order by e.xid, e.run_id, e.seq`,
    values: [org, String(cursor.below), cursor.but.map(String), limit],
  });
  const [{ running, end } = { running: [], end: 0 }] = rows;
  const events = rows.flatMap((row) => {
    const { running: _, end: __, xid, ...event } = row;
    return xid === null ? [] : [{ ...event, xid }];
  });
  return { events, last: rows.at(-1)?.xid ?? undefined, more: events.length >= limit, running, end };
}

/** The place of whoever has seen everything that happened until now. */
export async function roomCursor(sql: Sql, org: string): Promise<Cursor> {
  const { rows } = await sql.query<Framed & { last: number | null }>({
    name: 'room_cursor',
    text: `with ${SNAPSHOT}
      select s.running, s."end"::text::bigint as "end", (select e.xid::text::bigint from opsroom.events e
        where e.org_id = $1 and e.xid < s."end" order by e.xid desc limit 1) as last from s`,
    values: [org],
  });
  const { running = [], last = null } = rows[0] ?? {};
  const below = last === null ? 0 : last + 1;
  return { below, but: running.filter((xid) => xid < below) };
}

/** The latest events of a room, the newest first; those of the given types are left out. */
export async function latestRoomEvents(
  sql: Sql,
  org: string,
  without: readonly string[],
  limit: number,
): Promise<RoomEvent[]> {
  const { rows } = await sql.query<RoomEvent>({
    name: 'latest_room_events',
    text: `select e.xid::text::bigint as xid, e.run_id as run, r.title, r.lane, e.seq, e.type, e.step_id as step, e.item, e.attempt, e.data, e.at
      from (select ${EVENT} from opsroom.events where org_id = $1 and xid is not null and type <> all ($2)
        order by xid desc, run_id, seq desc limit $3) e
      join opsroom.runs r on r.org_id = $1 and r.id = e.run_id order by e.xid desc, e.run_id, e.seq desc`,
    values: [org, without, limit],
  });
  return rows;
}
