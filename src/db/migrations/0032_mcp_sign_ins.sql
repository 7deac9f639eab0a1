-- Sign-ins of the room at MCP servers (OAuth): one that has begun and waits for its person to come back, and the one that is held.
-- What they go on from, the tokens among it, is sealed as the vault seals.
create table opsroom.mcp_sign_ins (
  org_id uuid not null,
  server_id uuid not null,
  kind text not null check (kind in ('begun', 'held')),
  -- Counts what was sealed in its place: another is never taken for it.
  n int not null,
  -- SHA-256, hex, of the `state` that the person comes back with; of what is begun alone.
  state_hash text,
  issuer text not null,
  scope text not null default '',
  by_whom text not null,
  at timestamptz not null default clock_timestamp(),
  -- Of what is begun: until when it may be finished. Of what is held: when its access token runs out.
  expires_at timestamptz,
  -- Why it is no longer taken; null while it is.
  refused text,
  vault_key_id text not null,
  data_key bytea not null,
  body bytea not null,
  primary key (org_id, server_id, kind),
  foreign key (org_id, server_id) references opsroom.mcp_servers (org_id, id) on delete cascade
);
create unique index mcp_sign_ins_state on opsroom.mcp_sign_ins (state_hash) where state_hash is not null;

alter table opsroom.mcp_sign_ins enable row level security;
create policy mcp_sign_ins_door on opsroom.mcp_sign_ins for select to opsroom_door using (org_id = opsroom.current_org());
grant select (org_id, server_id, kind, issuer, scope, by_whom, at, expires_at, refused) on opsroom.mcp_sign_ins to opsroom_door;
