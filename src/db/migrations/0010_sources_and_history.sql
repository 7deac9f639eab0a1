-- The text that a plan was last compiled from, and where its steps stand in it, so that a person who looks at a step sees the
-- lines of the runbook that it came from. No part of the plan: two texts may give the same plan.
create table opsroom.plan_sources (
  org_id uuid not null,
  plan_digest text not null,
  -- Its name as it was given, without folders.
  file text not null,
  body text not null check (octet_length(body) <= 1048576),
  -- [{step, from, to, label}]: lines count from 1; label: what the lines became, null for the step itself.
  places jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (org_id, plan_digest),
  foreign key (org_id, plan_digest) references opsroom.plans (org_id, digest) on delete cascade
);
alter table opsroom.plan_sources enable row level security;
create policy plan_sources_door on opsroom.plan_sources to opsroom_door
  using (org_id = opsroom.current_org()) with check (org_id = opsroom.current_org());
grant select, insert, update on opsroom.plan_sources to opsroom_door;

-- Earlier runs of a plan, from which the time that is left is told. Written when a run ends, and then never again.
create index runs_done_of_plan on opsroom.runs (org_id, plan_digest, created_at desc) where status = 'succeeded';
create index runs_done_of_title on opsroom.runs (org_id, md5(title), created_at desc) where status = 'succeeded';
