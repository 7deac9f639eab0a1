-- What a commit, a release and a seal cost the server (docs/benchmarks.md, "Where the time goes").

-- At once, in the order in which workers take them: one of the version before that commits meanwhile waits, and waits for nobody here.
lock table opsroom.plans, opsroom.runs, opsroom.step_attempts, opsroom.proofs, opsroom.bundles in access exclusive mode;

-- The text of a record as it was hashed: it is not taken apart and put together again, neither here nor when a bundle is made
-- of it. Records of before keep the order and the spaces of jsonb.
alter table opsroom.proofs alter column record type json using record::json;
alter table opsroom.bundles alter column envelope type json using envelope::json;
alter table opsroom.bundles alter column envelope set storage external;

-- To compress the plan of a thousand steps takes longer than to write it.
alter table opsroom.plans alter column body set storage external;

-- The text of a check is read anew by every statement that writes to its table; that of an array is a quarter of that of a list.
alter table opsroom.step_attempts drop constraint step_attempts_status_check, add constraint step_attempts_status_check
  check (status = any ('{running,waiting,done,failed,skipped,unknown,cancelled}'));
alter table opsroom.runs
  drop constraint runs_status_check, add constraint runs_status_check
    check (status = any ('{queued,released,running,waiting,pausing,paused,succeeded,failed,rolled_back,cancelled}')),
  drop constraint runs_lane_check, add constraint runs_lane_check check (lane = any ('{A,B,C,D}')),
  drop constraint runs_mode_check, add constraint runs_mode_check check (mode = any ('{forward,rollback}')),
  drop constraint runs_rollback_cause_check, add constraint runs_rollback_cause_check
    check (rollback_cause = any ('{failure,cancel,request}')),
  drop constraint runs_check, add constraint runs_check check ((owner is not null) = (status = any ('{running,pausing}')));

-- As before, but planned once, for tables that grow, and with each run looked up by its id (see take_runs).
create or replace function opsroom.release_runs(p_worker uuid default null, p_room int default 0, out released int, out near jsonb)
language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
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
      where r.id = l.id and r.status is not distinct from 'queued' and l.place_in_lane <= f.n
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

-- As before, but that each run is looked up by its id. Planned while the table is young, a join read all active runs at every
-- take and every commit, and so did the organisation together with the id all runs there are: then any index that begins with
-- the organisation seems as good. A subquery that locks stays by itself, and `is not distinct from` offers no index.
create or replace function opsroom.take_runs(p_worker uuid, p_hints jsonb) returns setof opsroom.runs
language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  perform 1 from workers where id = p_worker for key share;
  if not found then
    return;
  end if;
  return query
    with mine as materialized (
      select r.* from (select * from jsonb_to_recordset(p_hints) h (org uuid, run uuid) order by run) hint
      cross join lateral (
        select id from runs where id = hint.run and org_id is not distinct from hint.org and status is not distinct from 'released'
        for no key update) r)
    update runs r set status = 'running', owner = p_worker, epoch = epoch + 1, started_at = coalesce(started_at, clock_timestamp())
    from mine where r.id = mine.id
    returning r.*;
end $$;

-- As before, but that the first proof comes as its text; as a worker of the version before sends it, it is still understood.
create or replace function opsroom.insert_runs(p_plans jsonb, p_runs jsonb) returns void
language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
begin
  -- Plans never change, so one that is there already stays as it is.
  insert into plans (org_id, digest, body)
    select org, digest, body from jsonb_to_recordset(p_plans) p (org uuid, digest text, body jsonb) order by org, digest
    on conflict do nothing;
  with given as materialized (
    select * from jsonb_to_recordset(p_runs) r (org uuid, id uuid, "planDigest" text, title text, inputs jsonb, "inputsDigest" text, target jsonb,
      lane text, priority int, "requestedBy" text, "concurrencyKey" text, host text, workspace jsonb, "delayMs" float8, parent uuid,
      fork jsonb, restart int, genesis jsonb, reuse text[], "allowedTools" jsonb)),
  run as (
    insert into runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, priority, requested_by, concurrency_key, status, host,
      workspace, not_before, parent_id, fork, restart, allowed_tools)
    select org, id, "planDigest", title, inputs, "inputsDigest", target, lane, priority, "requestedBy", "concurrencyKey", 'queued', host,
      workspace, clock_timestamp() + make_interval(secs => "delayMs" / 1000), parent, fork, restart,
      nullif("allowedTools", 'null') from given),
  proof as (
    insert into proofs (org_id, run_id, seq, hash, record) select org, id, 0, genesis->>'hash', coalesce(genesis->>'text', genesis->>'record')::json from given)
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

-- Commits what happened in several runs at once, each fenced by its epoch and owner: results, write-ahead starts, evidence,
-- proofs, events, and what became of the run itself. Answers the places (from 1) of the turns whose fence held; a refused
-- turn changes nothing. A row names its turn by its place in the first four arrays (n). A proof is a line of its turn,
-- number, hash and text with tabs between them: JSON text has neither tabs nor line feeds, and lines are read at half the cost.
-- The function of before stays for a worker of the version before that goes on beside one of this.
-- One statement per table, no joins beyond keys; the planner is told so because plans cached on young tables are bad ones.
create function opsroom.commit_turns(
  p_orgs uuid[], p_runs uuid[], p_epochs bigint[], p_owners uuid[],
  p_finished jsonb, p_started jsonb, p_evidence jsonb, p_proofs text, p_events jsonb, p_signals jsonb, p_changes jsonb
) returns int[] language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  -- Each attempt is looked for once, so there is nothing to remember.
  set enable_memoize = off set jit = off
  -- Otherwise every statement is planned anew at each call, which costs as much as executing it.
  set plan_cache_mode = force_generic_plan as $$
declare
  held int[];
  unread int[];
  expected int;
  touched int;
begin
  -- A run that is owned is running or pausing: a check of the table. (See take_runs for the form.)
  select coalesce(array_agg(turn.n), '{}') into held
  from (select * from unnest(p_orgs, p_runs, p_epochs, p_owners) with ordinality t (org, run, epoch, owner, n) where owner is not null order by run) turn
  cross join lateral (
    select from runs where id = turn.run and org_id is not distinct from turn.org and epoch = turn.epoch and owner is not distinct from turn.owner
    for no key update) fence;
  if cardinality(held) < cardinality(p_runs) then
    -- From here on a row whose turn did not hold is of no run.
    select array_agg(case when n = any (held) then run end order by n) into p_runs from unnest(p_runs) with ordinality t (run, n);
  end if;

  if p_finished <> '[]' then
    update step_attempts a set
      status = f.status, ended_at = f.ended_at, output = f.output, output_digest = f.output_digest, word = f.word, verdicts = f.verdicts,
      error = f.error, isolation = f.isolation, log_digest = f.log_digest, artefacts = f.artefacts, person = f.person, wake_at = f.wake_at
    from jsonb_to_recordset(p_finished) f (n int, step text, item int, revision int, attempt int, status text,
      ended_at timestamptz, output jsonb, output_digest text, word text, verdicts jsonb, error jsonb, isolation text, log_digest text, artefacts jsonb,
      person jsonb, wake_at timestamptz)
    -- Said once more, so that the planner takes the rows for few and looks each attempt up by its key.
    where f.n = any (held) and a.org_id = p_orgs[f.n] and a.run_id = p_runs[f.n] and a.step_id = f.step and a.item = f.item
      and a.revision = f.revision and a.attempt = f.attempt and a.status in ('running', 'waiting', 'unknown');
    get diagnostics touched = row_count;
    if touched <> jsonb_array_length(p_finished) then
      select count(*) into expected from jsonb_to_recordset(p_finished) f (n int) where p_runs[f.n] is not null;
      if touched <> expected then
        raise exception 'finished % attempts, but % of them were open', expected, touched;
      end if;
    end if;
  end if;

  if p_started <> '[]' then
    insert into step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, args, baseline, output,
      output_digest, word, error, isolation, person, wake_at)
    select p_orgs[s.n], p_runs[s.n], s.step, s.item, s.revision, s.attempt, s.status, p_epochs[s.n], s.started_at, s.ended_at, s.args, s.baseline,
      s.output, s.output_digest, s.word, s.error, s.isolation, s.person, s.wake_at
    from jsonb_to_recordset(p_started) s (n int, step text, item int, revision int, attempt int, status text,
      started_at timestamptz, ended_at timestamptz, args jsonb, baseline jsonb, output jsonb, output_digest text, word text, error jsonb,
      isolation text, person jsonb, wake_at timestamptz)
    where p_runs[s.n] is not null;
  end if;

  if p_evidence <> '[]' then
    insert into evidence (org_id, digest, body)
    -- A JSON null comes out of the record set as an SQL NULL.
    select p_orgs[e.n], e.digest, coalesce(e.body, 'null') from jsonb_to_recordset(p_evidence) e (n int, digest text, body jsonb)
    where p_runs[e.n] is not null order by 1, 2
    on conflict do nothing;
  end if;

  if p_proofs <> '' then
    insert into proofs (org_id, run_id, seq, hash, record)
    select p_orgs[n], p_runs[n], seq, hash, record from (
      select f[1]::int n, f[2]::int seq, f[3] hash, f[4]::json record
      from (select string_to_array(line, e'\t') f from string_to_table(p_proofs, e'\n') line offset 0) fields offset 0) p
    where p_runs[n] is not null;
  end if;

  if p_events <> '[]' then
    insert into events (org_id, run_id, seq, type, step_id, item, attempt, data, at)
    select p_orgs[e.n], p_runs[e.n], e.seq, e.type, e.step, e.item, e.attempt, e.data, e.at
    from jsonb_to_recordset(p_events) e (n int, seq int, type text, step text, item int, attempt int, data jsonb, at timestamptz)
    where p_runs[e.n] is not null;
  end if;

  if p_signals <> '[]' then
    update signals s set consumed_at = clock_timestamp(), outcome = c.outcome
    from jsonb_to_recordset(p_signals) c (n int, id bigint, outcome text)
    where p_runs[c.n] is not null and s.id = c.id and s.consumed_at is null;
  end if;

  if p_changes <> '[]' then
    -- A signal that came while its run came to rest was sent to an owner who will not read it: a run that parks is queued
    -- instead, so that somebody does; of a run that ends nothing more can be wished. The pause is done with by now: a word on a
    -- step must not have the run go on, and is heard when somebody resumes it.
    update signals s set consumed_at = clock_timestamp(), outcome = 'refused: the run has ended'
    from jsonb_to_recordset(p_changes) t (n int, status text)
    where t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') and s.run_id = p_runs[t.n] and s.consumed_at is null;
    select coalesce(array_agg(t.n), '{}') into unread
    from jsonb_to_recordset(p_changes) t (n int, status text)
    where t.status in ('waiting', 'paused')
      and exists (select 1 from signals s where s.run_id = p_runs[t.n] and s.consumed_at is null
        and not (t.status = 'paused' and s.kind in ('confirm', 'answer', 'resolve')));

    update runs r set
      status = case when t.n = any (unread) then 'queued' else t.status end,
      owner = case when t.status in ('running', 'pausing') then r.owner end,
      mode = coalesce(t.mode, r.mode), rollback_cause = coalesce(t.rollback_cause, r.rollback_cause),
      parked = case when not t.n = any (unread) then t.parked end, wake_at = case when not t.n = any (unread) then t.wake_at end,
      word = coalesce(t.word, r.word), error = coalesce(t.error, r.error),
      queued_at = case when t.status = 'queued' or t.n = any (unread) then clock_timestamp() else r.queued_at end,
      ended_at = case when t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') then clock_timestamp() end
    from jsonb_to_recordset(p_changes) t (n int, status text, mode text, rollback_cause text, parked jsonb, wake_at timestamptz, word text, error jsonb)
    where t.n = any (held) and r.id = p_runs[t.n];
  end if;

  return held;
end $$;

-- Writes bundles of runs of one organisation and their heads into the audit tree: of those runs alone whose chains and bundles
-- are still as they were read; answers their places (from 1). The rows of the runs are locked first, and what that protects is
-- looked at by the next statement, which sees what whoever was waited for has written. The last three arguments have a line
-- for each run: the record that closes its chain (empty: it is closed), the envelope, and the audit entry in canonical form up
-- to its number, which it is given here and which comes last in it.
create function opsroom.write_seals(
  p_org uuid, p_keyid text, p_public_key text, p_at timestamptz,
  p_runs uuid[], p_ns int[], p_read int[], p_head_seqs int[], p_heads text[], p_ends text, p_envelopes text, p_entries text
) returns int[] language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  fit int[];
  next bigint;
begin
  perform 1 from runs where id = any (p_runs) and org_id is not distinct from p_org order by id for no key update;
  select coalesce(array_agg(t.n), '{}') into fit from unnest(p_runs, p_ns, p_read) with ordinality t (run, bundle, seq, n)
  where t.seq = (select max(p.seq) from proofs p where p.org_id = p_org and p.run_id = t.run)
    and t.bundle = 1 + coalesce((select max(b.n) from bundles b where b.org_id = p_org and b.run_id = t.run), 0);
  if cardinality(fit) = 0 then
    return fit;
  end if;
  insert into proofs (org_id, run_id, seq, hash, record)
    select p_org, p_runs[n], p_head_seqs[n], p_heads[n], line::json from string_to_table(p_ends, e'\n') with ordinality t (line, n)
    where line <> '' and n = any (fit);
  insert into signing_keys (org_id, keyid, public_key) values (p_org, p_keyid, p_public_key) on conflict do nothing;
  -- Appends to one tree wait for each other from here on, until the end of the transaction.
  perform pg_advisory_xact_lock(hashtextextended('opsroom.audit/' || p_org, 0));
  select coalesce(max(seq) + 1, 0) into next from audit_entries where org_id = p_org;
  insert into audit_entries (org_id, seq, at, kind, actor, data, leaf_hash)
    select p_org, seq, entry->>'at', entry->>'kind', entry->>'actor', entry->'data', sha256('\x00' || convert_to(entry::text, 'UTF8'))
    from (select seq, (line || seq || '}')::json entry from (
      select line, next + row_number() over (order by n) - 1 seq from string_to_table(p_entries, e'\n') with ordinality t (line, n)
      where n = any (fit)) placed offset 0) whole;
  insert into bundles (org_id, run_id, n, envelope, keyid, head_seq, head, audit_seq, sealed_at)
    select p_org, p_runs[n], p_ns[n], line::json, p_keyid, p_head_seqs[n], p_heads[n], next + row_number() over (order by n) - 1, p_at
    from string_to_table(p_envelopes, e'\n') with ordinality t (line, n)
    where n = any (fit);
  return fit;
end $$;
