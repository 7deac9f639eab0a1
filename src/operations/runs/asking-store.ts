import { ASKING_CODES } from './asks-person.js';

/**
 * Attempts `a` that only a person ends: in these words an index serves them. Once all is taken back, nobody asks any more how a step ended
 * that went forward.
 */
const asking = (
  run: string,
): string => `((a.status = 'waiting' and a.wake_at is null) or (a.status = 'unknown' and a.error ->> 'code' = 'ASKED'))
  and (${run}.mode <> 'rollback' or strpos(a.step_id, '/') > 0)
  and not exists (select from opsroom.step_attempts b where b.org_id = a.org_id and b.run_id = a.run_id and b.step_id = a.step_id
    and b.item = a.item and (b.revision, b.attempt) > (a.revision, a.attempt))`;

/** Whether a run goes on beside a step that asks a person. @param run alias of a row of opsroom.runs */
export const asksBeside = (run: string): string =>
  `(${run}.status = 'running' and exists (select from opsroom.step_attempts a
    where a.org_id = ${run}.org_id and a.run_id = ${run}.id and ${asking(run)}))`;

/** Whether a run asks a person, at rest or beside what goes on. */
export const asksPerson = (run: string): string =>
  `(coalesce(${run}.status = 'waiting' and ${run}.parked ->> 'code' = any ('{${ASKING_CODES.join(',')}}'), false) or ${asksBeside(run)})`;

/** The first step of a run at work that asks a person. */
export interface AskingStep {
  readonly step: string;
  readonly item: number;
  readonly status: 'waiting' | 'unknown';
  /** What its tool asks; null: it is a step for a person. */
  readonly question: string | null;
  /** It asks whether other steps may be done. */
  readonly guards: boolean;
  /** ISO 8601. */
  readonly since: string;
}

/** An `AskingStep` as `asking`, or no row: read together with its run, so that both are of one moment. @param run as above */
export const askingBeside = (run: string): string =>
  `select to_jsonb(k) as asking from (select a.step_id as step, a.item, a.status, a.started_at as since, a.args ? 'guards' as guards,
      case when a.error ->> 'code' = 'INPUT_NEEDED' then left(a.output #>> '{question,message}', 1100) end as question
    from opsroom.step_attempts a where ${run}.status = 'running' and a.org_id = ${run}.org_id and a.run_id = ${run}.id and ${asking(run)}
    order by a.started_at, a.step_id, a.item limit 1) k`;
