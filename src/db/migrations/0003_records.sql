-- What stays when a run is over: artefacts, sealed bundles, the audit tree. Written by the engine only; doors read.

create table opsroom.artefacts (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  media_type text not null,
  body bytea,
  -- Relative to the artefacts folder of the data directory.
  path text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (org_id, sha256),
  check ((body is null) <> (path is null))
);
create index artefacts_old on opsroom.artefacts (created_at);
-- Compressed bytes cannot be read in part, and most artefacts are compressed already.
alter table opsroom.artefacts alter column body set storage external;

create table opsroom.run_artefacts (
  org_id uuid not null,
  run_id uuid not null,
  step_id text not null,
  item int not null,
  revision int not null,
  attempt int not null,
  name text not null,
  sha256 text not null,
  primary key (org_id, run_id, step_id, item, revision, attempt, name)
);
create index run_artefacts_of on opsroom.run_artefacts (org_id, sha256);

create table opsroom.signing_keys (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  -- SHA-256, hex, of the SPKI in DER.
  keyid text not null check (keyid ~ '^[0-9a-f]{64}$'),
  public_key text not null,
  first_used_at timestamptz not null default clock_timestamp(),
  primary key (org_id, keyid)
);

-- A run that is rolled back after its end is sealed again, with the next n; the earlier bundle stays.
create table opsroom.bundles (
  org_id uuid not null,
  run_id uuid not null,
  n int not null check (n >= 1),
  envelope jsonb not null,
  keyid text not null,
  head_seq int not null,
  head text not null,
  audit_seq bigint not null,
  sealed_at timestamptz not null,
  primary key (org_id, run_id, n),
  foreign key (org_id, keyid) references opsroom.signing_keys (org_id, keyid)
);

-- Base64 of mostly hashes: compressing it costs more than the runs it seals, and saves little.
alter table opsroom.bundles alter column envelope set storage external;

-- The leaves of the RFC 6962 tree, one tree for each organisation; leaf_hash is over the canonical JSON of
-- {org, seq, at, kind, actor, data}, so `at` is kept as the text that was hashed.
create table opsroom.audit_entries (
  org_id uuid not null,
  seq bigint not null check (seq >= 0),
  at text not null,
  kind text not null,
  actor text not null,
  data jsonb not null,
  leaf_hash bytea not null check (length(leaf_hash) = 32),
  primary key (org_id, seq)
);
create function opsroom.append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on opsroom.audit_entries
  for each statement execute function opsroom.append_only();
create trigger bundles_append_only before update or delete or truncate on opsroom.bundles
  for each statement execute function opsroom.append_only();

do $$
declare t text;
begin
  foreach t in array array['artefacts', 'run_artefacts', 'signing_keys', 'bundles', 'audit_entries'] loop
    execute format('alter table opsroom.%I enable row level security', t);
    execute format('create policy %I on opsroom.%I for select to opsroom_door using (org_id = opsroom.current_org())', t || '_door', t);
    execute format('grant select on opsroom.%I to opsroom_door', t);
  end loop;
end $$;
