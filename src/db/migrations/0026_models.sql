-- Calls of language models, and the plans that came of them. `cost` is in US dollars by the price list of `prices_as_of`; null: not
-- known. Of a prompt its name, version and digest are kept, not its text: it holds what people and documents said.
create table opsroom.model_calls (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  asked_by text not null,
  provider text not null,
  model text not null,
  prompt text not null,
  prompt_version int not null,
  prompt_digest text not null check (prompt_digest ~ '^[0-9a-f]{64}$'),
  input_tokens int check (input_tokens >= 0),
  output_tokens int check (output_tokens >= 0),
  cost numeric(14, 8) check (cost >= 0),
  prices_as_of text not null,
  ms int not null check (ms >= 0),
  outcome text not null check (outcome in ('used', 'refused', 'failed')),
  plan_digest text,
  primary key (org_id, id)
);
create index model_calls_newest on opsroom.model_calls (org_id, at desc, id desc);
create index model_calls_of_plan on opsroom.model_calls (org_id, plan_digest) where plan_digest is not null;

-- Plans that a model drafted: whoever starts one of these digests, policies see an agent ask for it.
create table opsroom.drafts (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  plan_digest text not null check (plan_digest ~ '^[0-9a-f]{64}$'),
  goal text not null,
  model text not null,
  made_by text not null,
  made_at timestamptz not null default clock_timestamp(),
  primary key (org_id, plan_digest)
);
create trigger drafts_never_change before update on opsroom.drafts for each row execute function opsroom.refuse_change();

alter table opsroom.model_calls enable row level security;
alter table opsroom.drafts enable row level security;
create policy model_calls_door on opsroom.model_calls for select to opsroom_door using (org_id = opsroom.current_org());
create policy drafts_door on opsroom.drafts for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.model_calls, opsroom.drafts to opsroom_door;
