-- Members of several organisations, invitations, and by which names one human is known.
-- People and what they sign in by belong to the installation; what binds them to an organisation is their membership, so a
-- door sees them by that and no longer by the organisation that happened to be the default when they came.

create function opsroom.is_member(person uuid) returns boolean
language sql stable parallel safe
return exists (select from opsroom.members m where m.org_id = opsroom.current_org() and m.person_id = person);
grant execute on function opsroom.is_member(uuid) to opsroom_door;

drop policy people_door on opsroom.people;
create policy people_door on opsroom.people for select to opsroom_door using (opsroom.is_member(id));
drop policy accounts_door on opsroom.accounts;
create policy accounts_door on opsroom.accounts for select to opsroom_door using (opsroom.is_member(person_id));
drop policy sign_ins_door on opsroom.sign_ins;
create policy sign_ins_door on opsroom.sign_ins for select to opsroom_door using (opsroom.is_member(person_id));
comment on column opsroom.sign_ins.org_id is 'The organisation in which this sign-in works, where its person is a member of it.';

-- Who came in by OPSROOM_OAUTH_ALLOW stays only while they stand there, until somebody here gives them a role.
alter table opsroom.members add column listed boolean not null default false;
update opsroom.members m set listed = true
where exists (select from opsroom.accounts a where a.person_id = m.person_id and a.provider <> 'credential')
  and not exists (select from opsroom.audit_entries e where e.kind = 'owner.came' and e.data ->> 'personId' = m.person_id::text);

-- The user of which machine made the link; null: made before this was noted.
alter table opsroom.owner_links add column made_by text;

-- Every name that runs and the audit log ever had for somebody: `person:EMAIL`, and the user of a machine. A name is
-- nobody else's again, also when its e-mail has changed or its person has left: what stands under it stays theirs.
create table opsroom.known_as (
  org_id uuid not null default '00000000-0000-7000-8000-000000000001' references opsroom.organisations (id) on delete cascade,
  name text not null,
  person_id uuid not null references opsroom.people (id) on delete cascade,
  since timestamptz not null default clock_timestamp(),
  primary key (org_id, name),
  unique (name)
);
create index known_as_person on opsroom.known_as (person_id);

create function opsroom.keep_name() returns trigger language plpgsql as $$
declare
  known text := 'person:' || new.email;
begin
  insert into opsroom.known_as (name, person_id) values (known, new.id) on conflict (name) do nothing;
  if not exists (select from opsroom.known_as k where k.name = known and k.person_id = new.id) then
    raise unique_violation using message = 'somebody else was known by this e-mail', constraint = 'known_as_name_key';
  end if;
  return null;
end
$$;
insert into opsroom.known_as (name, person_id) select 'person:' || email, id from opsroom.people;
create trigger keep_name after insert or update of email on opsroom.people
  for each row execute function opsroom.keep_name();

-- A link that makes its bearer a member, once: the SHA-256 of 256 random bits. With an e-mail it is for that person alone.
create table opsroom.invitations (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  hash bytea not null unique check (length(hash) = 32),
  email text check (email = lower(email) and length(email) between 3 and 320),
  role text not null check (role in ('owner', 'approver', 'operator', 'viewer')),
  created_by text not null,
  -- Who invited; null: whoever may read the data directory, or a key of nobody's.
  person_id uuid references opsroom.people (id) on delete set null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text,
  revoked_at timestamptz,
  revoked_by text,
  primary key (org_id, id)
);
-- One that waits for each e-mail: who is invited again has the new link alone.
create unique index invitations_open on opsroom.invitations (org_id, email)
  where email is not null and accepted_at is null and revoked_at is null;
create index invitations_listed on opsroom.invitations (org_id, created_at desc);

alter table opsroom.known_as enable row level security;
create policy known_as_door on opsroom.known_as for select to opsroom_door using (opsroom.is_member(person_id));
grant select on opsroom.known_as to opsroom_door;

alter table opsroom.invitations enable row level security;
create policy invitations_door on opsroom.invitations for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, id, email, role, created_by, person_id, created_at, expires_at, accepted_at, accepted_by, revoked_at, revoked_by)
  on opsroom.invitations to opsroom_door;
