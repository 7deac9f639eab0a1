-- Many authorisation servers take a refresh token once, and end the whole sign-in when it is shown again: of all processes of a room
-- one at a time goes on from it. Null, or past: nobody does.
alter table opsroom.mcp_sign_ins add column renewing_until timestamptz;
