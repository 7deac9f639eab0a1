-- MCP servers that an organisation knows, and what each said of its tools, version by version. A tool may be called as it was when
-- somebody consented to it, and only so.

create table opsroom.mcp_servers (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
  -- {transport: stdio | http | sse, …}; secrets stand there by their names.
  connection jsonb not null,
  -- {level, network}: how a server that is a program is isolated at least.
  sandbox jsonb not null default '{"level": "none", "network": true}',
  enabled boolean not null default false,
  -- Counts changes of what stands above.
  revision int not null default 1,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp(),
  -- Whether whoever changed it last is a human: only they consent to what its tools say.
  changed_by_person boolean not null default false,
  -- What came of the last look.
  state text not null default 'unknown' check (state in ('unknown', 'ok', 'failing')),
  state_since timestamptz not null default clock_timestamp(),
  looked_at timestamptz,
  error jsonb,
  took_ms int,
  -- {era, protocol, server}
  facts jsonb,
  -- When it is looked at next; a process that does so claims it, in case it dies.
  look_at timestamptz not null default clock_timestamp(),
  claimed_until timestamptz,
  primary key (org_id, id),
  unique (org_id, name)
);
create index mcp_servers_due on opsroom.mcp_servers (look_at) where enabled;

create table opsroom.mcp_tools (
  org_id uuid not null,
  server_id uuid not null,
  name text not null check (length(name) between 1 and 128),
  -- The latest is what the server says now.
  version int not null check (version > 0),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  definition jsonb not null,
  -- Why it must not be called until somebody consents; empty: it may be.
  flags text[] not null default '{}',
  consented_by text,
  consented_at timestamptz,
  first_seen_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  -- The server does not list it any more.
  gone_at timestamptz,
  primary key (org_id, server_id, name, version),
  foreign key (org_id, server_id) references opsroom.mcp_servers (org_id, id) on delete cascade
);

-- Servers that most rooms want: disabled until somebody configures them.
create function opsroom.seed_mcp_servers() returns trigger language plpgsql set search_path = opsroom, pg_catalog as $$
begin
  insert into mcp_servers (org_id, name, connection, created_by, changed_by)
  select new.id, s.name, s.connection::jsonb, 'opsroom', 'opsroom' from (values
    ('desktop-commander', '{"transport":"stdio","command":"npx","args":["-y","@wonderwhy-er/desktop-commander@0.2.52"],"env":{}}'),
    ('docker', '{"transport":"stdio","command":"npx","args":["-y","docker-mcp@1.0.0"],"env":{}}'),
    ('github', '{"transport":"http","url":"https://api.githubcopilot.com/mcp/","headers":{"Authorization":"Bearer {{ secrets.GITHUB_TOKEN }}"},"allowAddresses":[]}'),
    ('kubernetes', '{"transport":"stdio","command":"npx","args":["-y","mcp-server-kubernetes@4.1.7"],"env":{}}')
  ) s (name, connection)
  on conflict do nothing;
  return null;
end $$;
create trigger organisations_mcp_servers after insert on opsroom.organisations for each row execute function opsroom.seed_mcp_servers();
insert into opsroom.mcp_servers (org_id, name, connection, created_by, changed_by)
select o.id, s.name, s.connection::jsonb, 'opsroom', 'opsroom' from opsroom.organisations o cross join (values
  ('desktop-commander', '{"transport":"stdio","command":"npx","args":["-y","@wonderwhy-er/desktop-commander@0.2.52"],"env":{}}'),
  ('docker', '{"transport":"stdio","command":"npx","args":["-y","docker-mcp@1.0.0"],"env":{}}'),
  ('github', '{"transport":"http","url":"https://api.githubcopilot.com/mcp/","headers":{"Authorization":"Bearer {{ secrets.GITHUB_TOKEN }}"},"allowAddresses":[]}'),
  ('kubernetes', '{"transport":"stdio","command":"npx","args":["-y","mcp-server-kubernetes@4.1.7"],"env":{}}')
) s (name, connection);

do $$
declare
  t text;
begin
  foreach t in array array['mcp_servers', 'mcp_tools'] loop
    execute format('alter table opsroom.%I enable row level security', t);
    execute format('create policy %I on opsroom.%I for select to opsroom_door using (org_id = opsroom.current_org())', t || '_door', t);
    execute format('grant select on opsroom.%I to opsroom_door', t);
  end loop;
end $$;
