-- As before, but a run that pauses is paused: what was said of single steps meanwhile waits until it goes on.
create or replace function opsroom.commit_turns(
  p_turns jsonb, p_finished jsonb, p_started jsonb, p_proofs jsonb, p_evidence jsonb, p_events jsonb
) returns int[] language plpgsql set search_path = opsroom, pg_catalog set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
  -- Otherwise every statement is planned anew at each call, which costs as much as executing it.
  set plan_cache_mode = force_generic_plan as $$
declare
  -- Ordinals of the turns whose fence holds, and beside each, in the same place, what it is of.
  held int[];
  orgs uuid[];
  its_runs uuid[];
  epochs bigint[];
  unread int[];
  expected int;
  touched int;
begin
  select array_agg(n), array_agg(org), array_agg(run), array_agg(epoch) into held, orgs, its_runs, epochs from (
    select t.n, t.org, t.run, t.epoch from jsonb_to_recordset(p_turns) t (n int, org uuid, run uuid, epoch bigint, owner uuid)
    join runs r on r.org_id = t.org and r.id = t.run
    where r.epoch = t.epoch and r.owner = t.owner and r.status in ('running', 'pausing')
    order by r.id for no key update of r) locked;
  if held is null then
    return '{}';
  end if;

  if p_finished <> '[]' then
    update step_attempts a set
      status = f.status, ended_at = f.ended_at, output = f.output, output_digest = f.output_digest, word = f.word, verdicts = f.verdicts,
      error = f.error, isolation = f.isolation, log_digest = f.log_digest, artefacts = f.artefacts, person = f.person, wake_at = f.wake_at
    from jsonb_to_recordset(p_finished) f (n int, step text, item int, revision int, attempt int, status text,
      ended_at timestamptz, output jsonb, output_digest text, word text, verdicts jsonb, error jsonb, isolation text, log_digest text, artefacts jsonb,
      person jsonb, wake_at timestamptz)
    where f.n = any (held) and a.org_id = orgs[array_position(held, f.n)] and a.run_id = its_runs[array_position(held, f.n)]
      and a.step_id = f.step and a.item = f.item
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
    select orgs[array_position(held, s.n)], its_runs[array_position(held, s.n)], s.step, s.item, s.revision, s.attempt, s.status,
      epochs[array_position(held, s.n)], s.started_at, s.ended_at, s.args, s.baseline, s.output, s.output_digest, s.word, s.error, s.isolation, s.person, s.wake_at
    from jsonb_to_recordset(p_started) s (n int, step text, item int, revision int, attempt int, status text,
      started_at timestamptz, ended_at timestamptz, args jsonb, baseline jsonb, output jsonb, output_digest text, word text, error jsonb,
      isolation text, person jsonb, wake_at timestamptz)
    where s.n = any (held);
  end if;

  if p_evidence <> '[]' then
    insert into evidence (org_id, digest, body)
    -- A JSON null comes out of the record set as an SQL NULL.
    select orgs[array_position(held, e.n)], e.digest, coalesce(e.body, 'null')
    from jsonb_to_recordset(p_evidence) e (n int, digest text, body jsonb)
    where e.n = any (held) order by 1, 2
    on conflict do nothing;
  end if;

  if p_proofs <> '[]' then
    insert into proofs (org_id, run_id, seq, hash, record)
    select orgs[array_position(held, p.n)], its_runs[array_position(held, p.n)], (p.record->>'seq')::int, p.record->>'hash', p.record
    from jsonb_to_recordset(p_proofs) p (n int, record jsonb)
    where p.n = any (held);
  end if;

  if p_events <> '[]' then
    insert into events (org_id, run_id, seq, type, step_id, item, attempt, data, at)
    select orgs[array_position(held, e.n)], its_runs[array_position(held, e.n)], e.seq, e.type, e.step, e.item, e.attempt, e.data, e.at
    from jsonb_to_recordset(p_events) e (n int, seq int, type text, step text, item int, attempt int, data jsonb, at timestamptz)
    where e.n = any (held);
  end if;

  if jsonb_path_exists(p_turns, '$[*].signals[*]') then
    update signals s set consumed_at = clock_timestamp(), outcome = c.outcome
    from jsonb_to_recordset(p_turns) t (n int, signals jsonb), jsonb_to_recordset(t.signals) c (id bigint, outcome text)
    where t.n = any (held) and s.id = c.id and s.consumed_at is null;
  end if;

  if jsonb_path_exists(p_turns, '$[*].status') then
    -- A signal that came while its run came to rest was sent to an owner who will not read it: a run that parks is queued
    -- instead, so that somebody does; of a run that ends nothing more can be wished. The pause is done with by now: a word on a
    -- step must not have the run go on, and is heard when somebody resumes it.
    update signals s set consumed_at = clock_timestamp(), outcome = 'refused: the run has ended'
    from jsonb_to_recordset(p_turns) t (n int, run uuid, status text)
    where t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') and t.n = any (held) and s.run_id = t.run and s.consumed_at is null;
    select coalesce(array_agg(t.n), '{}') into unread
    from jsonb_to_recordset(p_turns) t (n int, run uuid, status text)
    where t.status in ('waiting', 'paused') and t.n = any (held)
      and exists (select 1 from signals s where s.run_id = t.run and s.consumed_at is null
        and not (t.status = 'paused' and s.kind in ('confirm', 'answer', 'resolve')));

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
