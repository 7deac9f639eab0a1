-- Documents that were read, with their text and the digest of the file: the file itself is not kept. `pages`: the lines of the text
-- at which its pages begin. `flags`: what its reader should know.
create table opsroom.documents (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('markdown', 'pdf', 'docx', 'html', 'image')),
  url text,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes int not null,
  text text not null,
  pages jsonb not null,
  flags jsonb not null,
  added_by text not null,
  added_at timestamptz not null default clock_timestamp(),
  primary key (org_id, id)
);
create index documents_newest on opsroom.documents (org_id, added_at desc, id desc);
create trigger documents_never_change before update on opsroom.documents for each row execute function opsroom.refuse_change();

alter table opsroom.documents enable row level security;
create policy documents_door on opsroom.documents for select to opsroom_door using (org_id = opsroom.current_org());
grant select on opsroom.documents to opsroom_door;
