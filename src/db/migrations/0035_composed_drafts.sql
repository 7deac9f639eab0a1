-- Whether whatever runs programs of the machine in a drafted plan stands so in a template of the room: the model chose templates and their
-- inputs, and wrote no program itself.
alter table opsroom.drafts add column composed boolean not null default false;
