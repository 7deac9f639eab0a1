-- A person answers what the tool of a step asks in the middle of its call.
alter table opsroom.signals drop constraint signals_kind_check;
alter table opsroom.signals add constraint signals_kind_check
  check (kind in ('cancel', 'pause', 'resume', 'confirm', 'answer', 'resolve', 'rollback'));
