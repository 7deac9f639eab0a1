-- Requests to start a run that carry a key of the asker's own (`Idempotency-Key`): whoever asks again with the same key,
-- because an answer was lost, gets the run of the first time. The run's id is chosen here before the run is written, so its
-- primary key decides between two that ask at once, and a crash between the two leaves nothing that could not go on.
create table opsroom.run_requests (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  principal text not null,
  key text not null check (length(key) between 1 and 255),
  request_digest text not null,
  run_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  primary key (org_id, principal, key)
);
create index run_requests_at on opsroom.run_requests (org_id, at);

alter table opsroom.run_requests enable row level security;
create policy run_requests_door on opsroom.run_requests to opsroom_door
  using (org_id = opsroom.current_org()) with check (org_id = opsroom.current_org());
grant select, insert, update, delete on opsroom.run_requests to opsroom_door;
