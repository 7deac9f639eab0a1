-- What the Runboard reads: the events of all runs in an order that survives concurrent commits, the runs that matter now,
-- and how much a worker takes on.

-- The transaction that wrote the event (docs/adr/0012). Two steps, so that no row is rewritten: what was written before
-- has no place in the order, and nobody follows it from there.
alter table opsroom.events add column xid xid8;
alter table opsroom.events alter column xid set default pg_current_xact_id();
create index events_room on opsroom.events (org_id, xid) where xid is not null;

-- Neither has an entry for a run that passes through without a stop, until it ends.
create index runs_parked on opsroom.runs (org_id) where status in ('waiting', 'paused');
create index runs_ended on opsroom.runs (org_id, ended_at desc) where ended_at is not null;

-- How many runs it takes at once; null: it said nothing.
alter table opsroom.workers add column runs int check (runs > 0);
