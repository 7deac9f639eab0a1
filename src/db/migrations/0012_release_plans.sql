-- Every statement of release_runs is planned anew at each call, and that costs more than executing it; on tables that have grown
-- since they were last analysed it also reads all of the organisation's runs.
alter function opsroom.release_runs(uuid, int) set plan_cache_mode = force_generic_plan;
alter function opsroom.release_runs(uuid, int) set enable_seqscan = off;
alter function opsroom.release_runs(uuid, int) set enable_hashjoin = off;
