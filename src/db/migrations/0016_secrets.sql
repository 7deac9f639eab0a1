-- The vault: what plans name as {{ secrets.NAME }}. Each version is encrypted under a data key of its own, and that one under the
-- vault's key, which is not in the database. Both are bound to the row's own name, place and version, so that rows cannot be swapped.

create table opsroom.secrets (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  name text not null check (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,99}$'),
  -- Where it counts; empty: everywhere.
  environment text not null default '' check (length(environment) <= 100),
  app text not null default '' check (length(app) <= 100),
  version int not null check (version > 0),
  -- Which vault key opens `data_key`.
  key_id text not null check (key_id ~ '^[0-9a-f]{16}$'),
  -- AES-256-GCM, both: nonce (12), ciphertext, tag (16).
  data_key bytea not null check (length(data_key) = 60),
  body bytea not null check (length(body) > 28),
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (org_id, name, environment, app, version)
);
create index secrets_changed on opsroom.secrets (org_id, created_at desc);

-- Which step was given which secret; a step that is tried again is noted once. `version` is 0 for what is not of the vault.
create table opsroom.secret_uses (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  run_id uuid not null,
  step_id text not null,
  name text not null,
  source text not null check (source in ('vault', 'environment', 'file')),
  environment text not null default '',
  app text not null default '',
  version int not null default 0,
  at timestamptz not null default clock_timestamp(),
  primary key (org_id, run_id, step_id, name, source, environment, app, version)
);
create index secret_uses_latest on opsroom.secret_uses (org_id, name, environment, app, at desc);

-- Written as the tables' owner, together with the audit entry. A door reads names and who set them, never a ciphertext.
alter table opsroom.secrets enable row level security;
alter table opsroom.secret_uses enable row level security;
create policy secrets_door on opsroom.secrets for select to opsroom_door using (org_id = opsroom.current_org());
create policy secret_uses_door on opsroom.secret_uses for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, name, environment, app, version, key_id, created_by, created_at) on opsroom.secrets to opsroom_door;
grant select on opsroom.secret_uses to opsroom_door;
