-- Whether whatever runs programs of the machine in a drafted plan stands so in a template of the room: the model chose templates and their
-- inputs, and wrote no program itself.
-- Policies know the drafts of models by these names from now on: an agent that had one of them is none of those.
update opsroom.api_keys set agent = agent || '-agent' where agent in ('planner', 'composer');

alter table opsroom.drafts add column composed boolean not null default false;
