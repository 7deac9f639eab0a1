-- Who is told what: rules, each with a place that it tells; and what was told, or waits to be.

create table opsroom.notification_rules (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 60),
  -- {kind: slack | discord | webhook | email, …}; credentials stand there by the names of secrets.
  place jsonb not null,
  events text[] not null check (cardinality(events) > 0),
  -- {environment?, app?, lane?}: only what fits all of these.
  only_of jsonb not null default '{}',
  -- {from, to, zone}: held back until `to`.
  quiet jsonb,
  -- What happens again within so long is told in one message.
  group_minutes int not null default 10 check (group_minutes between 0 and 1440),
  paused boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  -- Up to when this rule has looked for something to tell.
  looked_at timestamptz not null default clock_timestamp(),
  primary key (org_id, id),
  unique (org_id, name)
);

create table opsroom.notifications (
  org_id uuid not null,
  id uuid not null,
  rule_id uuid not null,
  event text not null,
  -- What happened, once: `run.failed:RUN:END`.
  dedupe_key text not null,
  -- What is told together.
  group_key text not null,
  facts jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'sending', 'sent', 'failed')),
  attempts int not null default 0,
  due_at timestamptz not null,
  -- Of one that is being sent: when whoever sends it counts as dead.
  claimed_until timestamptz,
  error text,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  primary key (org_id, id),
  unique (org_id, rule_id, dedupe_key),
  foreign key (org_id, rule_id) references opsroom.notification_rules (org_id, id) on delete cascade
);
create index notifications_due on opsroom.notifications (due_at) where status in ('pending', 'sending');
create index notifications_newest on opsroom.notifications (org_id, created_at desc, id desc);
create index notifications_group on opsroom.notifications (org_id, rule_id, group_key, ended_at desc) where status = 'sent';

-- Workers that were deposed: their rows go, and nothing else would say so.
create table opsroom.lost_workers (
  id uuid primary key,
  host text not null,
  pid int not null,
  started_at timestamptz not null,
  beat_at timestamptz not null,
  lost_at timestamptz not null default clock_timestamp()
);
create index lost_workers_at on opsroom.lost_workers (lost_at);

-- As before, and a worker that took whatever came is noted as lost.
create or replace function opsroom.depose(p_worker uuid, p_beats bigint, p_parked jsonb) returns int
language plpgsql set search_path = opsroom, pg_catalog as $$
declare
  pool text;
  given int;
begin
  with gone as (delete from workers where id = p_worker and beats = p_beats returning *),
  noted as (
    insert into lost_workers (id, host, pid, started_at, beat_at)
    select id, host, pid, started_at, beat_at from gone where takes = 'all' on conflict do nothing)
  select pool_id into pool from gone;
  if not found then
    return 0;
  end if;
  select count(*) into given from give_up_runs(p_worker, null, true, p_parked);
  if pool is not null then
    perform graphile_worker.force_unlock_workers(array[pool]);
    -- Unlocking sends no notification of its own.
    perform pg_notify('jobs:insert', '{"count":1}');
  end if;
  return given;
end $$;

alter table opsroom.notification_rules enable row level security;
create policy notification_rules_door on opsroom.notification_rules for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.notification_rules to opsroom_door;
alter table opsroom.notifications enable row level security;
create policy notifications_door on opsroom.notifications for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.notifications to opsroom_door;
alter table opsroom.lost_workers enable row level security;
create policy lost_workers_door on opsroom.lost_workers for select to opsroom_door using (true);
grant select on opsroom.lost_workers to opsroom_door;
