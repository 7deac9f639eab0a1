-- To which hosts a secret may be sent. A row counts for every secret of that name where its scope counts, also for one of the
-- environment or of secrets.env; without any a secret may go anywhere that a plan itself names.

create table opsroom.secret_hosts (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  name text not null check (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,99}$'),
  environment text not null default '' check (length(environment) <= 100),
  app text not null default '' check (length(app) <= 100),
  hosts text[] not null check (cardinality(hosts) between 1 and 50),
  set_by text not null,
  set_at timestamptz not null default clock_timestamp(),
  primary key (org_id, name, environment, app)
);

-- Written as the tables' owner, together with the audit entry.
alter table opsroom.secret_hosts enable row level security;
create policy secret_hosts_door on opsroom.secret_hosts for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.secret_hosts to opsroom_door;
