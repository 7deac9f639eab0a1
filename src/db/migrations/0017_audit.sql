-- The audit log grows for years: indexes to look into it, blocks of leaf hashes so that no proof reads every entry, and
-- segments, so that old entries can leave the database while everything stays checkable.

create index audit_entries_kind on opsroom.audit_entries (org_id, kind collate "C", seq);
create index audit_entries_actor on opsroom.audit_entries (org_id, actor, seq);
create index audit_entries_at on opsroom.audit_entries (org_id, at collate "C");
create index audit_entries_refused on opsroom.audit_entries (org_id, seq) where data->>'outcome' <> 'ok';

-- The leaf hashes of 256 entries each, from the first on, with the root of their subtree. They stay when their entries leave.
create table opsroom.audit_blocks (
  org_id uuid not null,
  block bigint not null check (block >= 0),
  leaves bytea not null check (length(leaves) = 256 * 32),
  root bytea not null check (length(root) = 32),
  primary key (org_id, block)
);
-- Hashes do not compress, and a slice of them is read without the rest.
alter table opsroom.audit_blocks alter column leaves set storage external;

-- Entries [from_seq, to_seq) have left for a file of this digest, under this signed tree head.
create table opsroom.audit_segments (
  org_id uuid not null,
  from_seq bigint not null check (from_seq >= 0 and from_seq % 256 = 0),
  to_seq bigint not null check (to_seq > from_seq and to_seq % 256 = 0),
  tree_head jsonb not null,
  file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
  rotated_by text not null,
  rotated_at timestamptz not null default clock_timestamp(),
  primary key (org_id, from_seq)
);

-- A segment follows the one before it, ends before the newest entry (appending counts on from that one), is whole, and every
-- leaf of it is kept in a block: nothing else may be rotated, by the tables' owner either.
create function opsroom.audit_segment_sealed() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
  head jsonb;
begin
  head := convert_from(decode(new.tree_head->>'payload', 'base64'), 'UTF8')::jsonb;
  if (head->>'size')::bigint < new.to_seq then
    raise exception 'the tree head does not cover the segment' using errcode = 'restrict_violation';
  end if;
  if new.from_seq <> (select coalesce(max(to_seq), 0) from opsroom.audit_segments where org_id = new.org_id) then
    raise exception 'a segment follows the one before it' using errcode = 'restrict_violation';
  end if;
  if new.to_seq > (select max(seq) from opsroom.audit_entries where org_id = new.org_id) then
    raise exception 'the newest entry stays' using errcode = 'restrict_violation';
  end if;
  if new.to_seq - new.from_seq <> (
    select count(*) from opsroom.audit_entries e join opsroom.audit_blocks b on b.org_id = e.org_id and b.block = e.seq / 256
    where e.org_id = new.org_id and e.seq >= new.from_seq and e.seq < new.to_seq
      and substring(b.leaves from (e.seq % 256)::int * 32 + 1 for 32) = e.leaf_hash
  ) then
    raise exception 'the leaves of the segment are not kept whole' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger audit_segments_sealed before insert on opsroom.audit_segments
  for each row execute function opsroom.audit_segment_sealed();
create trigger audit_segments_append_only before update or delete or truncate on opsroom.audit_segments
  for each statement execute function opsroom.append_only();
create trigger audit_blocks_append_only before update or delete or truncate on opsroom.audit_blocks
  for each statement execute function opsroom.append_only();

-- The one way for an entry to leave.
create function opsroom.audit_entry_rotated() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if exists (select 1 from opsroom.audit_segments s
    where s.org_id = old.org_id and old.seq >= s.from_seq and old.seq < s.to_seq) then
    return old;
  end if;
  raise exception 'audit_entries is append-only' using errcode = 'restrict_violation';
end $$;
drop trigger audit_entries_append_only on opsroom.audit_entries;
create trigger audit_entries_append_only before update or truncate on opsroom.audit_entries
  for each statement execute function opsroom.append_only();
create trigger audit_entries_rotated before delete on opsroom.audit_entries
  for each row execute function opsroom.audit_entry_rotated();

-- Seals entries [what was rotated before, to_seq) as a segment and lets them go. Returns how many went.
create function opsroom.rotate_audit(org uuid, to_seq bigint, tree_head jsonb, file_sha256 text, rotated_by text)
returns bigint language plpgsql security definer set search_path = pg_catalog as $$
declare
  first bigint;
  gone bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('opsroom.audit/' || org, 0));
  select coalesce(max(s.to_seq), 0) into first from opsroom.audit_segments s where s.org_id = org;
  insert into opsroom.audit_segments (org_id, from_seq, to_seq, tree_head, file_sha256, rotated_by)
  values (org, first, rotate_audit.to_seq, rotate_audit.tree_head, rotate_audit.file_sha256, rotate_audit.rotated_by);
  delete from opsroom.audit_entries e where e.org_id = org and e.seq >= first and e.seq < rotate_audit.to_seq;
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function opsroom.rotate_audit from public;

do $$
declare t text;
begin
  foreach t in array array['audit_blocks', 'audit_segments'] loop
    execute format('alter table opsroom.%I enable row level security', t);
    execute format('create policy %I on opsroom.%I for select to opsroom_door using (org_id = opsroom.current_org())', t || '_door', t);
    execute format('grant select on opsroom.%I to opsroom_door', t);
  end loop;
end $$;
