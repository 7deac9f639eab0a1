-- A rule tells of what happens from here on: since it was made, or since it was resumed.
alter table opsroom.notification_rules add column tells_from timestamptz not null default clock_timestamp();
update opsroom.notification_rules set tells_from = created_at where not paused;
