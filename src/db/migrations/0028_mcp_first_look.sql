-- When an MCP server first answered a look. What it lists from then on is new, also when it listed nothing at first. Servers that
-- have answered by now are taken to have done so when they were last looked at.

alter table opsroom.mcp_servers add column first_look_at timestamptz;
update opsroom.mcp_servers s set first_look_at = coalesce(s.looked_at, clock_timestamp())
where s.state = 'ok' or s.facts is not null
  or exists (select from opsroom.mcp_tools t where t.org_id = s.org_id and t.server_id = s.id);
