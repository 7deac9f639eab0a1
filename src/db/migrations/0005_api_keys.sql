-- Keys of programs. Shown once when made; what is kept is the SHA-256 of 256 random bits. A key that was revoked stays, as
-- a record of who had access.

create table opsroom.api_keys (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
  hash bytea not null unique check (length(hash) = 32),
  hint text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  primary key (org_id, id)
);
-- Runs and the audit log name a key by its name, so no two that are in use share one.
create unique index api_keys_in_use on opsroom.api_keys (org_id, name) where revoked_at is null;

-- Written as the tables' owner, together with the audit entry; a door reads all but the hash.
alter table opsroom.api_keys enable row level security;
create policy api_keys_door on opsroom.api_keys for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, id, name, hint, scopes, created_by, created_at, expires_at, last_used_at, revoked_at, revoked_by)
  on opsroom.api_keys to opsroom_door;
