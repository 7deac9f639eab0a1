-- A person's sign-in in their editor: it may look, and say yes or no to intents as that person. Off unless an owner of the
-- organisation allows it; what is kept is the SHA-256 of 256 random bits.

alter table opsroom.organisations add column ide_approvals boolean not null default false;
grant select (ide_approvals) on opsroom.organisations to opsroom_door;

create table opsroom.ide_sessions (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  person_id uuid not null references opsroom.people (id) on delete cascade,
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
  hash bytea not null unique check (length(hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  primary key (org_id, id)
);
create index ide_sessions_person on opsroom.ide_sessions (org_id, person_id, created_at desc);

alter table opsroom.ide_sessions enable row level security;
create policy ide_sessions_door on opsroom.ide_sessions for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, id, person_id, name, created_at, expires_at, last_used_at, ended_at, ended_by)
  on opsroom.ide_sessions to opsroom_door;
