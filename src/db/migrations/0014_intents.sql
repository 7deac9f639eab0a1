-- What was asked for, what policy said to it, and who agreed. An intent names its plan by digest, and an approval counts for exactly
-- what it was given for: the plan, the inputs, the target and the policies.

create table opsroom.intents (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  intent text not null check (length(intent) between 1 and 500),
  -- Of the run that it is for, rendered.
  title text not null,
  reason text not null default '' check (length(reason) <= 2000),
  -- What the request said of itself (target, initiator, approved): kept as words, never believed.
  claimed jsonb not null default '{}',
  -- Where the plan comes from, so that it can be compiled again before it runs.
  source jsonb not null,
  plan_digest text not null,
  inputs jsonb not null,
  inputs_digest text not null,
  target jsonb not null,
  target_digest text not null,
  -- How the run is to be queued: lane, priority, session, folder, host.
  queue jsonb not null,
  proposed_by text not null,
  -- As policy saw it, with the id of the key.
  proposer jsonb not null,
  -- As `x-client-id` had it.
  client text,
  decision jsonb not null,
  policy_digest text not null,
  status text not null check (status in ('waiting', 'approved', 'running', 'succeeded', 'failed', 'rolled_back', 'cancelled',
    'denied', 'rejected', 'expired', 'withdrawn', 'superseded', 'void')),
  -- What approvers filled in.
  form jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  -- Null until those who must have agreed.
  starts_at timestamptz,
  -- Chosen before the run is written: whoever finds that the process died in between writes it.
  run_id uuid,
  -- How it ended, in words.
  word text not null default '',
  ended_at timestamptz,
  supersedes uuid,
  superseded_by uuid,
  primary key (org_id, id),
  foreign key (org_id, plan_digest) references opsroom.plans (org_id, digest)
);
create index intents_newest on opsroom.intents (org_id, created_at desc, id desc);
create index intents_open on opsroom.intents (status, created_at) where status in ('waiting', 'approved', 'running');
create index intents_waiting_of on opsroom.intents (org_id, proposed_by) where status = 'waiting';
create index intents_run on opsroom.intents (org_id, run_id) where run_id is not null;

-- What people said: each may agree once, and may still reject what they agreed to.
create table opsroom.approvals (
  org_id uuid not null,
  intent_id uuid not null,
  seq int not null,
  person_id uuid,
  given_by text not null,
  role text,
  verdict text not null check (verdict in ('approve', 'reject')),
  reason text not null check (length(reason) <= 2000),
  form jsonb,
  break_glass boolean not null default false,
  -- Digests of what it was given for, and until when.
  bound jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (org_id, intent_id, seq),
  foreign key (org_id, intent_id) references opsroom.intents (org_id, id) on delete cascade
);
create unique index approvals_once on opsroom.approvals (org_id, intent_id, coalesce(person_id::text, given_by), verdict);
create trigger approvals_never_change before update on opsroom.approvals for each row execute function opsroom.refuse_change();

-- Written as the tables' owner, together with the audit entry.
alter table opsroom.intents enable row level security;
alter table opsroom.approvals enable row level security;
create policy intents_door on opsroom.intents for select to opsroom_door using (org_id = opsroom.current_org());
create policy approvals_door on opsroom.approvals for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.intents, opsroom.approvals to opsroom_door;
