import type { Database } from '#db/database.js';
import { ORG } from './engine.js';

/** How a seeded run ended or stands, in turn: what the numbers of a list and of the dashboard are made of. */
export interface Seed {
  readonly runs: number;
  /** Organisation; default the local one. */
  readonly org?: string;
  /** The runs are spread evenly over so many hours before now. */
  readonly hours?: number;
}

const PLANS = [
  { digest: 'a'.repeat(64), title: 'Deploy the shop', tools: ['shell', 'http', 'sql'] },
  { digest: 'b'.repeat(64), title: 'Rotate certificates', tools: ['shell', 'shell'] },
  { digest: 'c'.repeat(64), title: 'Nightly re-index', tools: ['sql', 'http', 'shell', 'shell'] },
];

/**
 * Writes runs of three plans with their attempts and verdicts as rows, with statuses, lanes, askers and targets in turn.
 * The same call writes the same rows, but for their times.
 */
export async function seedRuns({ engine }: Database, { runs, org = ORG, hours = 48 }: Seed): Promise<void> {
  for (const { digest, title, tools } of PLANS) {
    const steps = tools.map((tool, i) => ({
      id: `s${i}`,
      title: `Step ${i}`,
      kind: 'tool',
      tool,
      args: {},
      dependsOn: [],
    }));
    const body = { apiVersion: 'opsroom/v1', title, steps };
    await engine.query('insert into opsroom.plans (org_id, digest, body) values ($1, $2, $3) on conflict do nothing', [
      org,
      digest,
      JSON.stringify(body),
    ]);
  }
  await engine.query(INSERT_RUNS, [org, runs, hours * 3600]);
  await engine.query(INSERT_ATTEMPTS, [org]);
  await engine.query('analyze opsroom.runs, opsroom.step_attempts, opsroom.plans');
}

/** Number 1 is the newest. Of 20 runs: 13 succeeded, 3 failed, 1 rolled back, 1 cancelled, 1 waits, 1 is queued. */
const INSERT_RUNS = `
  insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, requested_by, status, host, workspace,
    parked, word, rollback_cause, created_at, queued_at, released_at, started_at, ended_at)
  select $1::uuid, ('01900000-0000-7000-8000-' || right(md5($1::uuid::text || n), 4) || lpad(to_hex(n), 8, '0'))::uuid, repeat(chr(97 + n % 3), 64),
    (array['Deploy the shop', 'Rotate certificates', 'Nightly re-index'])[1 + n % 3] || ' ' || n, '{}', repeat('0', 64),
    jsonb_build_object('environment', (array['staging', 'production'])[1 + n % 2], 'app', 'shop'),
    (array['A', 'B', 'C', 'D'])[1 + n % 4], (array['user:ada@here', 'user:bob@here', 'key:ci'])[1 + n / 2 % 3], status, 'here', '{"kind":"temp","path":"/tmp"}',
    case status when 'waiting' then '{"code":"MANUAL","what":"A person does it.","mend":"Confirm it."}'::jsonb end,
    case status when 'succeeded' then (array['proven', 'exit code only'])[1 + n % 2] when 'failed' then 'failed' end,
    case status when 'rolled_back' then (array['failure', 'request'])[1 + n / 20 % 2] end,
    at, at, at + wait, case when status <> 'queued' then at + wait end,
    case when status in ('succeeded', 'failed', 'rolled_back', 'cancelled') then at + wait + took end
  from generate_series(1, $2::int) n
  cross join lateral (select clock_timestamp() - make_interval(secs => n * $3::float8 / $2::int) as at,
    make_interval(secs => n % 7) as wait, make_interval(secs => 5 + n * 37 % 900) as took,
    (array['queued', 'succeeded', 'succeeded', 'failed', 'succeeded', 'succeeded', 'succeeded', 'rolled_back', 'succeeded', 'succeeded',
      'succeeded', 'failed', 'succeeded', 'cancelled', 'succeeded', 'waiting', 'succeeded', 'failed', 'succeeded', 'succeeded'])[1 + n % 20] as status) x`;

/** One attempt a step; of runs that failed the last step failed, in turn by a verifier, by the tool, or for want of the other side. */
const INSERT_ATTEMPTS = `
  insert into opsroom.step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, word, verdicts, error)
  select r.org_id, r.id, 's' || i, -1, 0, 1, case when bad then 'failed' else 'done' end, 1, r.started_at + make_interval(secs => i),
    r.started_at + make_interval(secs => i + (100 + (r.seqno * 13 + i * 71) % 4000) / 1000.0::float8),
    case when bad then 'failed' when i = 0 then 'proven' when i = 1 then 'holds, not proven by this step' else 'exit code only' end,
    case when bad and r.seqno % 3 = 0 then '[{"verifierId":"v","kind":"http","required":true,"passed":false,"proven":false,"word":"failed"}]'
      when not bad and i < 2 then '[{"verifierId":"v","kind":"file","required":true,"passed":true,"proven":true,"word":"proven"}]' else '[]' end::jsonb,
    case when bad then jsonb_build_object('code', (array['VERIFIER_FAILED', 'STEP_FAILED', 'UNREACHABLE'])[1 + r.seqno % 3], 'message', 'no', 'mend', '') end
  from opsroom.runs r join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest
  cross join lateral generate_series(0, p.step_count - 1) i
  cross join lateral (select r.status in ('failed', 'rolled_back') and i = p.step_count - 1 as bad) b
  where r.org_id = $1 and r.started_at is not null`;
