-- What people make of runs: sessions that group them, views that they keep, an archive. And what the dashboard needs.

-- One intent's workspace.
create table opsroom.sessions (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  intent text not null default '' check (length(intent) <= 2000),
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  archived_at timestamptz,
  archived_by text,
  primary key (org_id, id)
);
create unique index sessions_open on opsroom.sessions (org_id, lower(name)) where archived_at is null;
create index sessions_recent on opsroom.sessions (org_id, created_at desc, id desc);

-- Written before the run is: a row whose run was never written means nothing. Not a column of runs, so that the engine's
-- statements stay as they are.
create table opsroom.session_runs (
  org_id uuid not null,
  run_id uuid not null,
  session_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  primary key (org_id, run_id),
  foreign key (org_id, session_id) references opsroom.sessions (org_id, id) on delete cascade
);
create index session_runs_newest on opsroom.session_runs (org_id, session_id, at desc, run_id desc);

-- A filter over runs under a name: of one principal, or of everybody (owner is null).
create table opsroom.saved_views (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 60),
  owner text,
  filter jsonb not null,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (org_id, id)
);
create unique index saved_views_named on opsroom.saved_views (org_id, coalesce(owner, ''), lower(name));

-- A run that is taken up again after it was archived ends later than that, and is in the lists again.
alter table opsroom.runs add column archived_at timestamptz, add column archived_by text;

drop index opsroom.runs_recent;
create index runs_newest on opsroom.runs (org_id, created_at desc, id desc);
-- Only states that a run without trouble never has: such a run pays nothing for it.
create index runs_in_trouble on opsroom.runs (org_id, status, created_at desc, id desc)
  where status in ('waiting', 'paused', 'failed', 'rolled_back', 'cancelled');
create index runs_archived on opsroom.runs (org_id, created_at desc, id desc) where archived_at is not null;

-- Lists need no more of a plan than this; its body may be megabytes.
alter table opsroom.plans
  add column title text generated always as (body ->> 'title') stored,
  add column step_count int generated always as (jsonb_array_length(body -> 'steps')) stored;

-- One row for each minute in which a server of this room looked at itself, and one when it was stopped on purpose. Of the
-- installation, as workers are.
create table opsroom.room_minutes (
  minute timestamptz primary key,
  state text not null check (state in ('ready', 'not ready', 'stopped')),
  reason text
);

alter table opsroom.sessions enable row level security;
alter table opsroom.session_runs enable row level security;
alter table opsroom.saved_views enable row level security;
create policy sessions_door on opsroom.sessions for select to opsroom_door using (org_id = opsroom.current_org());
create policy session_runs_door on opsroom.session_runs for select to opsroom_door using (org_id = opsroom.current_org());
create policy saved_views_door on opsroom.saved_views to opsroom_door
  using (org_id = opsroom.current_org()) with check (org_id = opsroom.current_org());
-- Sessions are written as the tables' owner, together with the audit entry.
grant select on opsroom.sessions, opsroom.session_runs, opsroom.room_minutes to opsroom_door;
grant select, insert, delete on opsroom.saved_views to opsroom_door;
