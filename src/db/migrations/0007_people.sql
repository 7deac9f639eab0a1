-- People: who signs in, how, and where they are signed in. better-auth reads and writes people, accounts, sign_ins and
-- sign_in_states through columns that it names itself (src/identity/auth.ts maps them). It knows no organisations, so the
-- one of this installation is the default. What a person may do is in members.

create table opsroom.people (
  org_id uuid not null default '00000000-0000-7000-8000-000000000001' references opsroom.organisations (id) on delete cascade,
  id uuid not null unique,
  name text not null check (length(name) between 1 and 200),
  email text not null check (email = lower(email) and length(email) between 3 and 320),
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (org_id, id)
);
-- Whoever signs in says no organisation.
create unique index people_email on opsroom.people (email);

create table opsroom.members (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  person_id uuid not null references opsroom.people (id) on delete cascade,
  role text not null check (role in ('owner', 'operator', 'viewer')),
  created_at timestamptz not null default clock_timestamp(),
  primary key (org_id, person_id)
);
create index members_person on opsroom.members (person_id);

-- A password (scrypt, salted) or an identity at a provider. No token of a provider is kept: none is needed.
create table opsroom.accounts (
  org_id uuid not null default '00000000-0000-7000-8000-000000000001' references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  person_id uuid not null references opsroom.people (id) on delete cascade,
  provider text not null,
  provider_account text not null,
  password text,
  scope text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (org_id, id),
  unique (provider, provider_account)
);
create index accounts_person on opsroom.accounts (person_id);

-- The cookie holds the token and a signature made with a secret of the data directory, so this table alone opens nothing.
create table opsroom.sign_ins (
  org_id uuid not null default '00000000-0000-7000-8000-000000000001' references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  person_id uuid not null references opsroom.people (id) on delete cascade,
  token text not null unique,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (org_id, id)
);
create index sign_ins_person on opsroom.sign_ins (person_id, created_at desc);

-- What a sign-in by a provider has to bring back; minutes old at most.
create table opsroom.sign_in_states (
  org_id uuid not null default '00000000-0000-7000-8000-000000000001' references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  identifier text not null,
  value text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (org_id, id)
);
create index sign_in_states_identifier on opsroom.sign_in_states (identifier);

-- Links that let whoever may read the data directory in, once: the SHA-256 of 256 random bits. `person_id`: an owner who
-- was locked out; null: the first owner is still to come.
create table opsroom.owner_links (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  hash bytea not null check (length(hash) = 32),
  person_id uuid references opsroom.people (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (org_id, hash),
  unique (hash)
);

-- A door may read who there is and where they are signed in; never a token, a password's hash or a link.
alter table opsroom.people enable row level security;
create policy people_door on opsroom.people for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.people to opsroom_door;

alter table opsroom.members enable row level security;
create policy members_door on opsroom.members for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.members to opsroom_door;

alter table opsroom.accounts enable row level security;
create policy accounts_door on opsroom.accounts for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, id, person_id, provider, created_at) on opsroom.accounts to opsroom_door;

alter table opsroom.sign_ins enable row level security;
create policy sign_ins_door on opsroom.sign_ins for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, id, person_id, ip_address, user_agent, created_at, updated_at, expires_at)
  on opsroom.sign_ins to opsroom_door;

alter table opsroom.sign_in_states enable row level security;
alter table opsroom.owner_links enable row level security;
