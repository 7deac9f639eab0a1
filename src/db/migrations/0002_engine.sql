-- The ledger of runs (DESIGN.md, "The ledger"). Only the engine writes here; doors read under row-level security.
-- Hot child tables carry no foreign keys: their only writer is commit_turns(), which holds the run's row.

alter table opsroom.organisations
  add column running_per_user int not null default 10 check (running_per_user > 0);

create table opsroom.lanes (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  lane text not null check (lane in ('A', 'B', 'C', 'D')),
  width int not null check (width > 0),
  primary key (org_id, lane)
);
insert into opsroom.lanes (org_id, lane, width)
  select o.id, l.lane, 4 from opsroom.organisations o, (values ('A'), ('B'), ('C'), ('D')) l (lane);

create table opsroom.plans (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  body jsonb not null,
  created_at timestamptz not null default now(),
  primary key (org_id, digest)
);

create function opsroom.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows never change', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger plans_never_change before update on opsroom.plans for each row execute function opsroom.refuse_change();

create table opsroom.workers (
  id uuid primary key,
  host text not null,
  pid int not null,
  -- Graphile Worker's pool, whose locks must be broken when this worker is deposed.
  pool_id text,
  -- 'all': takes whatever its host may run. 'own': a command line that executes only the run it submitted.
  takes text not null check (takes in ('all', 'own')),
  draining boolean not null default false,
  -- Counts heartbeats. Others judge by whether it moves on their own monotonic clocks, so no clock jump deposes anybody.
  beats bigint not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  beat_at timestamptz not null default clock_timestamp()
);

create table opsroom.runs (
  org_id uuid not null references opsroom.organisations (id) on delete cascade,
  id uuid not null,
  seqno bigint generated always as identity,
  plan_digest text not null,
  title text not null,
  inputs jsonb not null,
  inputs_digest text not null,
  target jsonb not null,
  lane text not null check (lane in ('A', 'B', 'C', 'D')),
  priority int not null default 0,
  requested_by text not null,
  concurrency_key text,
  status text not null check (status in
    ('queued', 'released', 'running', 'waiting', 'pausing', 'paused', 'succeeded', 'failed', 'rolled_back', 'cancelled')),
  mode text not null default 'forward' check (mode in ('forward', 'rollback')),
  -- Why a rollback was begun: decides how the run ends.
  rollback_cause text check (rollback_cause in ('failure', 'cancel', 'request')),
  -- Counts the plan's revisions within the run; healing appends one.
  revision int not null default 0,
  epoch bigint not null default 0,
  owner uuid,
  -- Where it runs; null: anywhere. The workspace of a run never leaves its host.
  host text,
  workspace jsonb not null,
  -- {code, what, mend, step?, item?}: why it waits, for people.
  parked jsonb,
  wake_at timestamptz,
  not_before timestamptz,
  takeovers int not null default 0,
  parent_id uuid,
  fork jsonb,
  restart int not null default 1,
  word text,
  error jsonb,
  created_at timestamptz not null default clock_timestamp(),
  queued_at timestamptz not null default clock_timestamp(),
  released_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, plan_digest) references opsroom.plans (org_id, digest),
  check ((owner is not null) = (status in ('running', 'pausing')))
) with (fillfactor = 80);
create unique index runs_by_id on opsroom.runs (id);
create index runs_queued on opsroom.runs (org_id, lane, priority desc, seqno) where status = 'queued';
create index runs_active on opsroom.runs (org_id, lane, requested_by) where status in ('released', 'running', 'pausing');
create index runs_owned on opsroom.runs (owner) where owner is not null;
create index runs_wake on opsroom.runs (wake_at) where status = 'waiting' and wake_at is not null;
create index runs_keyed on opsroom.runs (org_id, concurrency_key)
  where concurrency_key is not null and status not in ('succeeded', 'failed', 'rolled_back', 'cancelled');
create index runs_recent on opsroom.runs (org_id, created_at desc);
create index runs_children on opsroom.runs (org_id, parent_id) where parent_id is not null;

create table opsroom.step_attempts (
  org_id uuid not null,
  run_id uuid not null,
  step_id text not null,
  -- -1 outside a forEach, and for the record that sums up its items.
  item int not null default -1,
  revision int not null default 0,
  attempt int not null,
  -- running: written ahead, before the tool. waiting: for a person or a time. unknown: cut short, nobody knows how far it came.
  -- cancelled: was waiting when its run ended or rolled back.
  status text not null check (status in ('running', 'waiting', 'done', 'failed', 'skipped', 'unknown', 'cancelled')),
  epoch bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- Rendered arguments, secrets masked.
  args jsonb,
  baseline jsonb,
  output jsonb,
  output_digest text,
  word text,
  verdicts jsonb,
  error jsonb,
  isolation text,
  log_digest text,
  artefacts jsonb,
  person jsonb,
  -- A failed attempt that will be followed by another, or a timer: when.
  wake_at timestamptz,
  reused_from uuid,
  primary key (org_id, run_id, step_id, item, revision, attempt)
) with (fillfactor = 85);
-- At most one done record per identity, whatever the code above it believes.
create unique index step_attempts_done on opsroom.step_attempts (org_id, run_id, step_id, item, revision)
  where status in ('done', 'skipped');

create table opsroom.proofs (
  org_id uuid not null,
  run_id uuid not null,
  seq int not null,
  hash text not null,
  record jsonb not null,
  primary key (org_id, run_id, seq)
);
create trigger proofs_never_change before update on opsroom.proofs for each row execute function opsroom.refuse_change();

create table opsroom.evidence (
  org_id uuid not null,
  digest text not null,
  body jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (org_id, digest)
);

create table opsroom.events (
  org_id uuid not null,
  run_id uuid not null,
  -- Assigned by the run's owner, so it is in commit order within the run; an identity column would not be.
  seq int not null,
  type text not null,
  step_id text,
  item int,
  attempt int,
  data jsonb,
  at timestamptz not null default clock_timestamp(),
  primary key (org_id, run_id, seq)
);

create table opsroom.signals (
  id bigint generated always as identity primary key,
  org_id uuid not null,
  run_id uuid not null,
  kind text not null check (kind in ('cancel', 'pause', 'resume', 'confirm', 'resolve', 'rollback')),
  payload jsonb not null,
  sent_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  consumed_at timestamptz,
  outcome text
);
create index signals_open on opsroom.signals (run_id, id) where consumed_at is null;

-- Doors read their own organisation's rows, and only that.
do $$
declare t text;
begin
  foreach t in array array['lanes', 'plans', 'runs', 'step_attempts', 'proofs', 'evidence', 'events', 'signals'] loop
    execute format('alter table opsroom.%I enable row level security', t);
    execute format('create policy %I on opsroom.%I for select to opsroom_door using (org_id = opsroom.current_org())', t || '_door', t);
    execute format('grant select on opsroom.%I to opsroom_door', t);
  end loop;
end $$;
grant select on opsroom.workers to opsroom_door;

-- The job that hints "advance this run". A run bound to a host is hinted to that host's workers only.
create function opsroom.advance_job(p_org uuid, p_run uuid, p_host text, p_priority int) returns graphile_worker.job_spec
language sql stable set search_path = opsroom, pg_catalog as $$
  -- Graphile Worker's priority is ascending. One attempt: the hint is worth nothing once the ledger has moved on.
  select (case when p_host is null then 'advance' else 'advance@' || p_host end,
          json_build_object('org', p_org, 'run', p_run), null, null, 25, null, -p_priority, null)::graphile_worker.job_spec
$$;

-- Moves queued runs into free places of their lanes. The lock comes first and the counting in the next statement: a lock
-- inside the counting statement would be taken after its snapshot. Its own commit may be lost: every beat calls it again.
-- While p_worker is the only one that takes runs, up to p_room of what it may run are named to it (near) and no job is
-- written for them: a word that is lost on the way is as good as a lost job.
create function opsroom.release_runs(p_worker uuid default null, p_room int default 0, out released int, out near jsonb)
language plpgsql set search_path = opsroom, pg_catalog as $$
declare
  its_host text;
  mine jsonb;
  batch graphile_worker.job_spec[];
  jobs graphile_worker.job_spec[] := '{}';
begin
  released := 0;
  near := '[]';
  if not exists (select 1 from runs where status = 'queued' and (not_before is null or not_before <= clock_timestamp())) then
    return;
  end if;
  select w.host into its_host from workers w
  where w.id = p_worker and not exists (select 1 from workers o where o.id <> w.id and o.takes = 'all' and not o.draining);
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(7001);
  loop
    with used as materialized (
      select org_id, lane, requested_by, count(*)::int n from runs where status in ('released', 'running', 'pausing')
      group by 1, 2, 3),
    free as materialized (
      select l.org_id, l.lane, l.width - coalesce((select sum(u.n) from used u where u.org_id = l.org_id and u.lane = l.lane), 0)::int n
      from lanes l),
    by_user as materialized (select org_id, requested_by, sum(n)::int n from used group by 1, 2),
    -- A key is held from a run's first step to its end, also while the run waits for a person in between.
    held as materialized (
      select org_id, concurrency_key, id from runs
      where concurrency_key is not null and status not in ('succeeded', 'failed', 'rolled_back', 'cancelled')
        and (started_at is not null or status in ('released', 'running', 'pausing'))),
    candidate as materialized (
      select c.*, o.running_per_user cap from free f join organisations o on o.id = f.org_id
      cross join lateral (
        select r.org_id, r.id, r.lane, r.requested_by, r.priority, r.seqno, r.concurrency_key from runs r
        where r.org_id = f.org_id and r.lane = f.lane and r.status = 'queued'
          and (r.not_before is null or r.not_before <= clock_timestamp())
          and not exists (select 1 from by_user b where b.org_id = r.org_id and b.requested_by = r.requested_by and b.n >= o.running_per_user)
          and not exists (select 1 from held h where h.org_id = r.org_id and h.concurrency_key = r.concurrency_key and h.id <> r.id)
        order by r.priority desc, r.seqno limit f.n + 50) c
      where f.n > 0),
    first_of_key as (
      select c.*, row_number() over (partition by org_id, coalesce(concurrency_key, id::text) order by priority desc, seqno) of_key from candidate c),
    of_user as (
      select k.*, row_number() over (partition by org_id, requested_by order by priority desc, seqno)
        + coalesce((select b.n from by_user b where b.org_id = k.org_id and b.requested_by = k.requested_by), 0) place
      from first_of_key k where of_key = 1),
    of_lane as (
      select u.*, row_number() over (partition by org_id, lane order by priority desc, seqno) place_in_lane from of_user u where place <= cap),
    moved as (
      update runs r set status = 'released', epoch = r.epoch + 1, released_at = clock_timestamp()
      from of_lane l join free f using (org_id, lane)
      where r.org_id = l.org_id and r.id = l.id and r.status = 'queued' and l.place_in_lane <= f.n
      returning r.org_id, r.id, r.host, r.priority, r.seqno),
    placed as (
      select m.*, its_host is not null and coalesce(m.host, its_host) = its_host
        and row_number() over (partition by coalesce(m.host, its_host) = its_host order by priority desc, seqno) <= p_room - jsonb_array_length(near) is_near
      from moved m)
    select array_agg(advance_job(org_id, id, host, priority) order by priority desc, seqno) filter (where not is_near),
      jsonb_agg(jsonb_build_object('org', org_id, 'run', id) order by priority desc, seqno) filter (where is_near)
    into batch, mine from placed;
    exit when batch is null and mine is null;
    jobs := jobs || batch;
    near := near || coalesce(mine, '[]');
    -- Another round lets others in where runs of users at their cap stood in front.
    exit when not exists (select 1 from runs where status = 'queued' and (not_before is null or not_before <= clock_timestamp()));
  end loop;
  if cardinality(jobs) > 0 then
    perform graphile_worker.add_jobs(jobs);
  end if;
  released := cardinality(jobs) + jsonb_array_length(near);
end $$;

-- Writes queued runs, each with its plan, its first proof, its first event and what it takes over from its parent.
create function opsroom.insert_runs(p_plans jsonb, p_runs jsonb) returns void
language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan as $$
begin
  -- Plans never change, so one that is there already stays as it is.
  insert into plans (org_id, digest, body)
    select org, digest, body from jsonb_to_recordset(p_plans) p (org uuid, digest text, body jsonb) order by org, digest
    on conflict do nothing;
  with given as materialized (
    select * from jsonb_to_recordset(p_runs) r (org uuid, id uuid, "planDigest" text, title text, inputs jsonb, "inputsDigest" text, target jsonb,
      lane text, priority int, "requestedBy" text, "concurrencyKey" text, host text, workspace jsonb, "delayMs" float8, parent uuid,
      fork jsonb, restart int, genesis jsonb, reuse text[])),
  run as (
    insert into runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, priority, requested_by, concurrency_key, status, host,
      workspace, not_before, parent_id, fork, restart)
    select org, id, "planDigest", title, inputs, "inputsDigest", target, lane, priority, "requestedBy", "concurrencyKey", 'queued', host,
      workspace, clock_timestamp() + make_interval(secs => "delayMs" / 1000), parent, fork, restart from given),
  proof as (
    insert into proofs (org_id, run_id, seq, hash, record) select org, id, 0, genesis->>'hash', genesis->'record' from given)
  insert into events (org_id, run_id, seq, type, data)
    select org, id, 1, 'run.created', jsonb_build_object('by', "requestedBy", 'parent', parent) from given;
  if jsonb_path_exists(p_runs, '$[*].reuse[*]') then
    insert into step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, args, baseline, output,
      output_digest, word, verdicts, isolation, log_digest, artefacts, person, reused_from)
    select a.org_id, g.id, a.step_id, a.item, 0, a.attempt, a.status, 0, a.started_at, a.ended_at, null, a.baseline, a.output,
      a.output_digest, a.word, a.verdicts, a.isolation, a.log_digest, a.artefacts, a.person, coalesce(a.reused_from, a.run_id)
    from jsonb_to_recordset(p_runs) g (org uuid, id uuid, parent uuid, reuse text[])
    join step_attempts a on a.org_id = g.org and a.run_id = g.parent
    where a.step_id = any (g.reuse) and a.status in ('done', 'skipped');
  end if;
end $$;

-- Takes released runs ([{org, run}]): from here on only this worker, in this epoch, writes to them. Requiring the worker's
-- own row keeps a deposed worker from taking anything. Its own commit may be lost: nothing is done before the write-ahead
-- record of the first step is flushed, and with it all that was logged before.
create function opsroom.take_runs(p_worker uuid, p_hints jsonb) returns setof opsroom.runs
language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  perform 1 from workers where id = p_worker for key share;
  if not found then
    return;
  end if;
  return query
    with mine as materialized (
      select r.org_id, r.id from jsonb_to_recordset(p_hints) h (org uuid, run uuid)
      join runs r on r.org_id = h.org and r.id = h.run
      where r.status = 'released' order by r.id for no key update of r)
    update runs r set status = 'running', owner = p_worker, epoch = epoch + 1, started_at = coalesce(started_at, clock_timestamp())
    from mine where r.org_id = mine.org_id and r.id = mine.id
    returning r.*;
end $$;

-- Commits what happened in several runs at once, each fenced by its epoch and owner: results, write-ahead starts, proofs,
-- events and the run's own state. Returns the ordinals of the turns whose fence held; a refused turn changes nothing.
-- One statement per table, no joins beyond keys; the planner is told so because plans cached on young tables are bad ones.
create function opsroom.commit_turns(
  p_turns jsonb, p_finished jsonb, p_started jsonb, p_proofs jsonb, p_evidence jsonb, p_events jsonb
) returns int[] language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
  -- Otherwise every statement is planned anew at each call, which costs as much as executing it.
  set plan_cache_mode = force_generic_plan as $$
declare
  held int[];
  unread int[];
  expected int;
  touched int;
begin
  select coalesce(array_agg(n), '{}') into held from (
    select t.n from jsonb_to_recordset(p_turns) t (n int, org uuid, run uuid, epoch bigint, owner uuid)
    join runs r on r.org_id = t.org and r.id = t.run
    where r.epoch = t.epoch and r.owner = t.owner and r.status in ('running', 'pausing')
    order by r.id for no key update of r) locked;
  if cardinality(held) = 0 then
    return held;
  end if;

  if p_finished <> '[]' then
    update step_attempts a set
      status = f.status, ended_at = f.ended_at, output = f.output, output_digest = f.output_digest, word = f.word, verdicts = f.verdicts,
      error = f.error, isolation = f.isolation, log_digest = f.log_digest, artefacts = f.artefacts, person = f.person, wake_at = f.wake_at
    from jsonb_to_recordset(p_finished) f (n int, org uuid, run uuid, step text, item int, revision int, attempt int, status text,
      ended_at timestamptz, output jsonb, output_digest text, word text, verdicts jsonb, error jsonb, isolation text, log_digest text, artefacts jsonb,
      person jsonb, wake_at timestamptz)
    where f.n = any (held) and a.org_id = f.org and a.run_id = f.run and a.step_id = f.step and a.item = f.item
      and a.revision = f.revision and a.attempt = f.attempt and a.status in ('running', 'waiting', 'unknown');
    get diagnostics touched = row_count;
    if touched <> jsonb_array_length(p_finished) then
      select count(*) into expected from jsonb_to_recordset(p_finished) f (n int) where f.n = any (held);
      if touched <> expected then
        raise exception 'finished % attempts, but % of them were open', expected, touched;
      end if;
    end if;
  end if;

  if p_started <> '[]' then
    insert into step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, args, baseline, output,
      output_digest, word, error, isolation, person, wake_at)
    select s.org, s.run, s.step, s.item, s.revision, s.attempt, s.status, s.epoch, s.started_at, s.ended_at, s.args, s.baseline, s.output,
      s.output_digest, s.word, s.error, s.isolation, s.person, s.wake_at
    from jsonb_to_recordset(p_started) s (n int, org uuid, run uuid, step text, item int, revision int, attempt int, status text, epoch bigint,
      started_at timestamptz, ended_at timestamptz, args jsonb, baseline jsonb, output jsonb, output_digest text, word text, error jsonb,
      isolation text, person jsonb, wake_at timestamptz)
    where s.n = any (held);
  end if;

  if p_evidence <> '[]' then
    insert into evidence (org_id, digest, body)
    -- A JSON null comes out of the record set as an SQL NULL.
    select e.org, e.digest, coalesce(e.body, 'null') from jsonb_to_recordset(p_evidence) e (n int, org uuid, digest text, body jsonb)
    where e.n = any (held) order by e.org, e.digest
    on conflict do nothing;
  end if;

  if p_proofs <> '[]' then
    insert into proofs (org_id, run_id, seq, hash, record)
    select p.org, p.run, p.seq, p.hash, p.record from jsonb_to_recordset(p_proofs) p (n int, org uuid, run uuid, seq int, hash text, record jsonb)
    where p.n = any (held);
  end if;

  if p_events <> '[]' then
    insert into events (org_id, run_id, seq, type, step_id, item, attempt, data, at)
    select e.org, e.run, e.seq, e.type, e.step, e.item, e.attempt, e.data, e.at
    from jsonb_to_recordset(p_events) e (n int, org uuid, run uuid, seq int, type text, step text, item int, attempt int, data jsonb, at timestamptz)
    where e.n = any (held);
  end if;

  if jsonb_path_exists(p_turns, '$[*].signals[*]') then
    update signals s set consumed_at = clock_timestamp(), outcome = c.outcome
    from jsonb_to_recordset(p_turns) t (n int, signals jsonb), jsonb_to_recordset(t.signals) c (id bigint, outcome text)
    where t.n = any (held) and s.id = c.id and s.consumed_at is null;
  end if;

  if jsonb_path_exists(p_turns, '$[*].status') then
    -- A signal that came while its run came to rest was sent to an owner who will not read it: a run that parks is queued
    -- instead, so that somebody does; of a run that ends nothing more can be wished.
    update signals s set consumed_at = clock_timestamp(), outcome = 'refused: the run has ended'
    from jsonb_to_recordset(p_turns) t (n int, run uuid, status text)
    where t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') and t.n = any (held) and s.run_id = t.run and s.consumed_at is null;
    select coalesce(array_agg(t.n), '{}') into unread
    from jsonb_to_recordset(p_turns) t (n int, run uuid, status text)
    where t.status in ('waiting', 'paused') and t.n = any (held)
      and exists (select 1 from signals s where s.run_id = t.run and s.consumed_at is null);

    update runs r set
      status = case when t.n = any (unread) then 'queued' else t.status end,
      owner = case when t.status in ('running', 'pausing') then r.owner end,
      mode = coalesce(t.mode, r.mode), rollback_cause = coalesce(t.rollback_cause, r.rollback_cause),
      parked = case when not t.n = any (unread) then t.parked end, wake_at = case when not t.n = any (unread) then t.wake_at end,
      word = coalesce(t.word, r.word), error = coalesce(t.error, r.error),
      queued_at = case when t.status = 'queued' or t.n = any (unread) then clock_timestamp() else r.queued_at end,
      ended_at = case when t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') then clock_timestamp() end
    from jsonb_to_recordset(p_turns) t (n int, org uuid, run uuid, status text, mode text, rollback_cause text, parked jsonb, wake_at timestamptz, word text, error jsonb)
    where t.status is not null and t.n = any (held) and r.org_id = t.org and r.id = t.run;
  end if;

  return held;
end $$;

-- One heartbeat: proves that the worker lives, and brings back what it must know. Null: it was deposed.
create function opsroom.beat(p_worker uuid) returns jsonb language plpgsql set search_path = opsroom, pg_catalog as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update workers set beats = beats + 1, beat_at = clock_timestamp() where id = p_worker;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    -- What workers reckon their timers by, so that no clock but the database's counts.
    'nowMs', extract(epoch from clock_timestamp()) * 1000,
    'others', coalesce((select jsonb_object_agg(w.id, w.beats) from workers w where w.id <> p_worker), '{}'),
    'owned', coalesce((select jsonb_agg(r.id) from runs r where r.owner = p_worker), '[]'),
    'signalled', coalesce((select jsonb_agg(distinct s.run_id) from signals s join runs r on r.id = s.run_id
      where s.consumed_at is null and r.owner = p_worker), '[]'),
    -- Released a while ago and still not taken: the hint was lost, so the worker takes them unasked.
    'overdue', coalesce((select jsonb_agg(jsonb_build_object('org', o.org_id, 'run', o.id)) from (
      select r.org_id, r.id from runs r join workers w on w.id = p_worker and w.takes = 'all' and not w.draining
      where r.status = 'released' and r.released_at < clock_timestamp() - interval '3 seconds' and (r.host is null or r.host = w.host)
      order by r.priority desc, r.seqno limit 16) o), '[]'));
end $$;

-- Wakes runs whose time has come and fills the lanes; called with every beat, so that a lost hint costs a second at most.
create function opsroom.sweep() returns int language plpgsql set search_path = opsroom, pg_catalog as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update runs set status = 'queued', parked = null, wake_at = null, queued_at = clock_timestamp()
  where status = 'waiting' and wake_at <= clock_timestamp();
  return (select r.released from release_runs() r);
end $$;

-- Gives up runs of a worker: they are released again in a new epoch, or parked for a person after too many takeovers.
create function opsroom.give_up_runs(p_owner uuid, p_runs uuid[], p_count boolean, p_parked jsonb) returns setof uuid
language plpgsql set search_path = opsroom, pg_catalog as $$
begin
  return query
  with mine as (
    select r.id from runs r where r.owner = p_owner and (p_runs is null or r.id = any (p_runs)) order by r.id for no key update),
  given as (
    update runs r set
      owner = null, epoch = r.epoch + 1, takeovers = r.takeovers + p_count::int,
      status = case when p_count and r.takeovers >= 3 then 'waiting' else 'released' end,
      released_at = clock_timestamp(),
      parked = case when p_count and r.takeovers >= 3 then p_parked end
    from mine where r.id = mine.id
    returning r.org_id, r.id, r.host, r.priority, r.status),
  hinted as (
    select graphile_worker.add_jobs(array_agg(advance_job(g.org_id, g.id, g.host, g.priority))) from given g
    where g.status = 'released' having count(*) > 0)
  -- The count is asked for: a left join that nobody reads is removed by the planner, and the hints with it.
  select g.id from given g, (select count(*) as n from hinted) h where h.n >= 0;
end $$;

-- Removes a worker that no longer beats; the caller has watched it stand still for a whole lease.
create function opsroom.depose(p_worker uuid, p_beats bigint, p_parked jsonb) returns int
language plpgsql set search_path = opsroom, pg_catalog as $$
declare
  pool text;
  given int;
begin
  delete from workers where id = p_worker and beats = p_beats returning pool_id into pool;
  if not found then
    return 0;
  end if;
  select count(*) into given from give_up_runs(p_worker, null, true, p_parked);
  if pool is not null then
    perform graphile_worker.force_unlock_workers(array[pool]);
    -- Unlocking sends no notification of its own.
    perform pg_notify('jobs:insert', '{"count":1}');
  end if;
  return given;
end $$;
