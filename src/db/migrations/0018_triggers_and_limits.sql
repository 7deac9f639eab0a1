-- What starts runs without anybody asking in that moment: schedules and signed webhooks. And what holds back: rates.

create table opsroom.schedules (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
  cron text not null check (length(cron) between 1 and 200),
  zone text not null check (length(zone) between 1 and 64),
  -- {digest}: always this plan; {file, section}: what the file holds when the time comes.
  plan jsonb not null,
  plan_title text not null,
  inputs jsonb not null,
  lane text,
  session text,
  -- The machine on which it was made: its files and folders are there.
  host text not null,
  folder text,
  overlap text not null check (overlap in ('skip', 'queue', 'cancel', 'allow')),
  catch_up text not null check (catch_up in ('none', 'last', 'all')),
  catch_up_most int not null check (catch_up_most between 1 and 100),
  jitter_s int not null check (jitter_s between 0 and 3600),
  -- Who answers for its runs: whoever changed it last. No foreign key, so that the one who is gone does not become nobody.
  made_by text not null,
  person_id uuid,
  key_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  paused_at timestamptz,
  paused_by text,
  -- The next time by the calendar, and when that begins: later by the jitter. By the clocks of the processes that fire it.
  next_due timestamptz not null,
  next_at timestamptz not null,
  -- When these two were computed: a clock that is before this has gone back, and they are computed anew.
  looked_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, name)
);
create index schedules_next on opsroom.schedules (next_at) where paused_at is null;

-- One row for each time that has come, whatever became of it. The primary key is what makes a time fire once.
create table opsroom.schedule_fires (
  org_id uuid not null,
  schedule_id uuid not null,
  due_at timestamptz not null,
  cause text not null check (cause in ('time', 'catch-up', 'now')),
  -- claimed: somebody is starting it. asked: its intent waits for people.
  state text not null check (state in ('claimed', 'queued', 'started', 'asked', 'skipped', 'missed', 'refused')),
  -- Of `missed`: how many times the row stands for.
  times int not null default 1 check (times > 0),
  code text,
  reason text,
  run_id uuid,
  intent_id uuid,
  -- Of `now`: who wanted it.
  asked_by text,
  came_at timestamptz not null default clock_timestamp(),
  -- By the database's clock. A claim that is old is taken over: starting is idempotent.
  claimed_at timestamptz not null default clock_timestamp(),
  tries int not null default 1,
  settled_at timestamptz,
  cancelled_at timestamptz,
  primary key (org_id, schedule_id, due_at),
  foreign key (org_id, schedule_id) references opsroom.schedules (org_id, id) on delete cascade
);
create index schedule_fires_open on opsroom.schedule_fires (state, claimed_at) where state in ('claimed', 'queued');
create index schedule_fires_going on opsroom.schedule_fires (org_id, schedule_id, due_at) where state in ('claimed', 'queued', 'started', 'asked');

create table opsroom.webhooks (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  -- Stands in its address, and is random: it tells nothing of when or by whom it was made.
  id uuid not null unique,
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
  form text not null check (form in ('github', 'standard')),
  plan jsonb not null,
  plan_title text not null,
  -- Name of an input → an expression over the event.
  inputs jsonb not null,
  filter text,
  lane text,
  session text,
  host text not null,
  folder text,
  made_by text not null,
  person_id uuid,
  key_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  paused_at timestamptz,
  paused_by text,
  primary key (org_id, id),
  unique (org_id, name)
);

-- Sealed by the vault. While a secret is replaced, the one before is good until it expires.
create table opsroom.webhook_secrets (
  org_id uuid not null,
  webhook_id uuid not null,
  n int not null,
  -- As the vault seals: the secret under a data key, that one under the vault key of this id.
  vault_key_id text not null,
  data_key bytea not null,
  body bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  expires_at timestamptz,
  primary key (org_id, webhook_id, n),
  foreign key (org_id, webhook_id) references opsroom.webhooks (org_id, id) on delete cascade
);

create table opsroom.webhook_deliveries (
  org_id uuid not null,
  webhook_id uuid not null,
  id uuid not null,
  -- The sender's own name for it, by which one that comes twice is known.
  sender_id text not null check (length(sender_id) between 1 and 200),
  event text not null,
  received_at timestamptz not null default clock_timestamp(),
  -- Without what signs or authenticates.
  headers jsonb not null,
  body_digest text not null,
  -- What the signature makes unique: GitHub's covers the body alone, so the same body under another name is one that was overheard.
  signed_once text not null,
  body_bytes int not null,
  -- As it came; cut where it is longer than what is kept, and then it cannot be delivered again.
  body bytea not null,
  cut boolean not null,
  redelivery_of uuid,
  redelivered_by text,
  state text not null check (state in ('claimed', 'started', 'asked', 'filtered', 'ignored', 'refused')),
  code text,
  reason text,
  run_id uuid,
  intent_id uuid,
  claimed_at timestamptz not null default clock_timestamp(),
  tries int not null default 1,
  settled_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, webhook_id) references opsroom.webhooks (org_id, id) on delete cascade
);
create unique index webhook_deliveries_once on opsroom.webhook_deliveries (org_id, webhook_id, sender_id) where redelivery_of is null;
create unique index webhook_deliveries_signed on opsroom.webhook_deliveries (org_id, webhook_id, signed_once) where redelivery_of is null;
create index webhook_deliveries_newest on opsroom.webhook_deliveries (org_id, webhook_id, received_at desc, id desc);
create index webhook_deliveries_open on opsroom.webhook_deliveries (claimed_at) where state = 'claimed';

-- How often a tool, or a server behind one, may be called: `tool:http`, `mcp:github`. Of an organisation.
create table opsroom.call_rates (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  name text not null check (name ~ '^(tool|mcp):[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
  per_second double precision not null check (per_second > 0 and per_second <= 10000),
  burst int not null check (burst between 1 and 100000),
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (org_id, name)
);

-- Tokens that are left, of calls and of requests to the API. Lost in a crash of the server, and then every bucket is full again.
create unlogged table opsroom.rate_buckets (
  name text primary key check (length(name) <= 400),
  tokens double precision not null,
  at timestamptz not null
);

-- How often keys, people and strangers may ask of the API. One row for the installation; without one, what the program says.
create table opsroom.api_rates (
  who text primary key check (who in ('key', 'stranger')),
  per_second double precision not null check (per_second > 0 and per_second <= 100000),
  burst int not null check (burst between 1 and 1000000),
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp()
);

-- Takes between 1 and p_most tokens from a bucket, or none: then after how long there is one. By the database's clock, which all
-- processes share; one that went back adds nothing.
create function opsroom.take_tokens(
  p_name text, p_most int, p_per_second double precision, p_burst int, out taken int, out wait_ms double precision
) language plpgsql set search_path = opsroom, pg_catalog as $$
declare
  now timestamptz := clock_timestamp();
  there double precision;
begin
  insert into rate_buckets as b (name, tokens, at) values (p_name, p_burst, now)
  on conflict (name) do update set
    tokens = least(p_burst, b.tokens + greatest(0, extract(epoch from now - b.at)) * p_per_second), at = greatest(b.at, now)
  returning b.tokens into there;
  taken := greatest(0, least(p_most, floor(there)::int));
  wait_ms := case when taken > 0 then 0 else ceil((1 - there) / p_per_second * 1000) end;
  if taken > 0 then
    update rate_buckets set tokens = there - taken where name = p_name;
  end if;
end $$;

do $$
declare
  t text;
begin
  foreach t in array array['schedules', 'schedule_fires', 'webhooks', 'webhook_deliveries', 'call_rates'] loop
    execute format('alter table opsroom.%I enable row level security', t);
    execute format('create policy %I on opsroom.%I for select to opsroom_door using (org_id = opsroom.current_org())', t || '_door', t);
    execute format('grant select on opsroom.%I to opsroom_door', t);
  end loop;
end $$;
-- A door sees that there are secrets, and how long they are good.
alter table opsroom.webhook_secrets enable row level security;
create policy webhook_secrets_door on opsroom.webhook_secrets for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, webhook_id, n, created_at, created_by, expires_at) on opsroom.webhook_secrets to opsroom_door;
-- The engine's own: names of buckets hold who asks.
alter table opsroom.rate_buckets enable row level security;
alter table opsroom.api_rates enable row level security;
create policy api_rates_door on opsroom.api_rates for select to opsroom_door using (true);
grant select on opsroom.api_rates to opsroom_door;
