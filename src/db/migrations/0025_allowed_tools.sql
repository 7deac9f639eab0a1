-- What runs may call, and nothing else. A session's list is taken over by each run that is asked for in it; a run keeps its lists
-- as they were then.

alter table opsroom.sessions add column allowed_tools text[];
-- [{of: run | session, tools: […]}]: each of them must name a call. Null: there is no list.
alter table opsroom.runs add column allowed_tools jsonb;

create or replace function opsroom.insert_runs(p_plans jsonb, p_runs jsonb)
returns void language plpgsql set search_path = opsroom, pg_catalog
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
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
