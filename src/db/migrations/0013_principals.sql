-- Who asks, for policy: keys that were made for an agent, and whose key it is; the role between owner and operator.

alter table opsroom.api_keys
  add column agent text check (agent ~ '^[a-z][a-z0-9-]{0,31}$'),
  -- Nobody approves what their own key asked for. Null: made by whoever may read the data directory.
  add column person_id uuid references opsroom.people (id) on delete set null;
grant select (agent, person_id) on opsroom.api_keys to opsroom_door;

alter table opsroom.members drop constraint members_role_check;
alter table opsroom.members add constraint members_role_check check (role in ('owner', 'approver', 'operator', 'viewer'));
