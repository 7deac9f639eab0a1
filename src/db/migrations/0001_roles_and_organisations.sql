create schema opsroom;

-- One row per migration; the runner adds it in the migration's own transaction.
create table opsroom.migrations (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
);

-- Roles belong to the whole server, so another Opsroom database may have made this one already, even in this moment.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'opsroom_door') then
    create role opsroom_door nologin;
  end if;
exception
  when duplicate_object or unique_violation then
    null;
  when insufficient_privilege then
    raise exception using errcode = '42501',
      message = format('the role %I may not create the role opsroom_door', current_user),
      hint = format('create role opsroom_door nologin; grant opsroom_door to %I;', current_user);
end
$$;

-- Before PostgreSQL 16 there is no way to ask "may I set this role?" but to try.
do $$
begin
  begin
    set local role opsroom_door;
    reset role;
  exception when insufficient_privilege then
    execute format('grant opsroom_door to %I', current_user);
  end;
exception when insufficient_privilege then
  raise exception using errcode = '42501',
    message = format('the role %I may not act as opsroom_door', current_user),
    hint = format('grant opsroom_door to %I;', current_user);
end
$$;

grant usage on schema opsroom to opsroom_door;

-- The organisation of this transaction; null when none is set, which no row matches.
create function opsroom.current_org() returns uuid
language sql stable parallel safe
return nullif(current_setting('opsroom.org_id', true), '')::uuid;

create table opsroom.organisations (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  created_at timestamptz not null default now()
);

alter table opsroom.organisations enable row level security;
create policy own_organisation on opsroom.organisations for select to opsroom_door using (id = opsroom.current_org());
grant select on opsroom.organisations to opsroom_door;

insert into opsroom.organisations (id, slug, name) values ('00000000-0000-7000-8000-000000000001', 'local', 'Local');
