-- Every set of policies that took effect here, with its text: a decision and an approval name a set by its digest, and long after
-- its files were changed somebody asks what it said. `files`: name → text. `problems`: why it could not be used; then nothing was
-- permitted under it.
create table opsroom.policy_versions (
  org_id uuid not null references opsroom.organisations (id),
  n bigint not null check (n >= 0),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  folder text not null,
  files jsonb not null,
  problems jsonb not null,
  noted_at timestamptz not null default clock_timestamp(),
  primary key (org_id, n)
);
create trigger policy_versions_append_only before update or delete or truncate on opsroom.policy_versions
  for each statement execute function opsroom.append_only();

alter table opsroom.policy_versions enable row level security;
create policy policy_versions_door on opsroom.policy_versions for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.policy_versions to opsroom_door;
