-- Steps that only a person ends are counted at each look at the Runboard, also those beside which their run goes on: without this,
-- all attempts of all runs at work would be read for it.
create index step_attempts_asking on opsroom.step_attempts (org_id, run_id)
  where (status = 'waiting' and wake_at is null) or (status = 'unknown' and error ->> 'code' = 'ASKED');
