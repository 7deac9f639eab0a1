-- Logs of steps: masked, compressed chunks, kept apart from the ledger because they are many, written with asynchronous
-- commit, and dropped by the day. execute/logs/ is the only writer; its record.ts and block.ts say what a body holds.
create table opsroom.step_log_chunks (
  org_id uuid not null,
  run_id uuid not null,
  step_id text not null,
  item int not null,
  revision int not null,
  attempt int not null,
  -- Rises within an attempt. Gaps are chunks that the cap dropped between head and tail.
  seq int not null,
  day date not null default current_date,
  first_line bigint not null,
  lines int not null,
  -- 0: as it is. 1: raw deflate.
  codec smallint not null check (codec in (0, 1)),
  body bytea not null,
  at timestamptz not null default clock_timestamp(),
  primary key (org_id, run_id, step_id, item, revision, attempt, seq, day)
) partition by range (day);
-- Bodies are compressed already.
alter table opsroom.step_log_chunks alter column body set storage external;

alter table opsroom.step_log_chunks enable row level security;
create policy step_log_chunks_door on opsroom.step_log_chunks for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.step_log_chunks to opsroom_door;

-- Makes the partitions of these days where they are missing. Attaching a table blocks neither readers nor writers, which
-- `create table … partition of` would. Policies of the parent hold through the parent only, so doors get nothing here.
create function opsroom.prepare_log_partitions(p_from date, p_to date) returns void
language plpgsql set search_path = opsroom, pg_catalog as $$
declare
  d date;
  partition text;
begin
  perform pg_advisory_xact_lock(7000, 4);
  for d in select generate_series(p_from, p_to, interval '1 day')::date loop
    partition := 'step_log_chunks_' || to_char(d, 'YYYYMMDD');
    continue when to_regclass('opsroom.' || partition) is not null;
    execute format('create table opsroom.%I (like opsroom.step_log_chunks including defaults including constraints including indexes including storage)', partition);
    execute format('alter table opsroom.%I enable row level security', partition);
    execute format('revoke all on opsroom.%I from opsroom_door', partition);
    execute format('alter table opsroom.step_log_chunks attach partition opsroom.%I for values from (%L) to (%L)', partition, d, d + 1);
  end loop;
end $$;

-- Drops the partitions of days before the one given; returns how many. Dropping locks the whole table, so it gives up
-- rather than stand in the way of a long reader: it is called again the next day.
create function opsroom.prune_log_partitions(p_before date) returns int
language plpgsql set search_path = opsroom, pg_catalog set lock_timeout = '2s' as $$
declare
  partition regclass;
  dropped int := 0;
begin
  for partition in
    select c.oid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'opsroom.step_log_chunks'::regclass
      and c.relname ~ '^step_log_chunks_\d{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < p_before
  loop
    execute format('drop table %s', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

revoke execute on function opsroom.prepare_log_partitions(date, date), opsroom.prune_log_partitions(date) from public;
