import type { Pool } from 'pg';
import type { Tool } from '#ir/calls.js';
import { verifyChain } from '#record/chain.js';
import { readChain } from '#record/store.js';
import { ORG } from '../harness/engine.js';
import { replayedAll } from '../harness/replay.js';
import { type Row, transition } from './model.js';
import { effectMade, faultTools } from './tools.js';

/** Rows that must not exist, by what is wrong with them. Every query answers one text per row. */
const NEVER: Readonly<Record<string, string>> = {
  'neither ended nor parked with a reason': `select id || ' is ' || status from opsroom.runs
    where ended_at is null and not (status in ('waiting', 'paused') and parked is not null)`,
  'settled more than once': `select run_id || ' ' || step_id || '#' || item from opsroom.step_attempts
    where status in ('done', 'skipped') group by run_id, step_id, item, revision having count(*) > 1`,
  'an attempt is open in a run that has ended': `select a.run_id || ' ' || a.step_id || '#' || a.item from opsroom.step_attempts a
    join opsroom.runs r on r.id = a.run_id where r.ended_at is not null and a.status in ('running', 'waiting')`,
  'events are not numbered without a gap': `select run_id::text from opsroom.events group by run_id having max(seq) <> count(*) or min(seq) <> 1`,
  'proofs are not numbered without a gap': `select run_id::text from opsroom.proofs group by run_id having max(seq) + 1 <> count(*) or min(seq) <> 0`,
  'attempts that ended and proofs of them do not match': `select a.run_id || ' ' || a.step_id || '#' || a.item || ' ' || a.attempt from opsroom.step_attempts a
    where a.status in ('done', 'failed', 'skipped') and a.reused_from is null and 1 <> (select count(*) from opsroom.proofs p
      where p.run_id = a.run_id and p.record #>> '{body,type}' = 'step' and p.record #>> '{body,step}' = a.step_id
        and (p.record #>> '{body,item}')::int = a.item and (p.record #>> '{body,attempt}')::int = a.attempt
        and p.record #>> '{body,outcome}' = a.status)`,
  // Nobody resolves steps in these tests, so a second effect of a step that is not idempotent was made blindly.
  'an effect made twice': `select e.run || ' ' || e.step || '#' || e.item from faults.effects e
    join opsroom.runs r on r.id = e.run join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest
    where not exists (select 1 from jsonb_array_elements(p.body -> 'steps') s where (s ->> 'id' = e.step and (s ->> 'idempotent')::bool) or e.step like s ->> 'id' || '/%')
    group by e.run, e.step, e.item having count(*) > 1`,
  'one step under two idempotency keys': `select run || ' ' || step from faults.effects group by run, step, item having count(distinct key) > 1`,
  'a step is done without its effect': `select a.run_id || ' ' || a.step_id from opsroom.step_attempts a join opsroom.runs r on r.id = a.run_id
    join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest, jsonb_array_elements(p.body -> 'steps') s
    where s ->> 'id' = a.step_id and s ->> 'tool' = 'effect' and a.status = 'done' and (a.item >= 0 or s -> 'forEach' is null)
      and not exists (select 1 from faults.effects e where e.run = a.run_id and e.step = a.step_id and e.item = a.item)`,
  'a signal is open in a run that has ended': `select s.run_id || ' ' || s.kind from opsroom.signals s join opsroom.runs r on r.id = s.run_id
    where s.consumed_at is null and r.ended_at is not null`,
};

/** Everything that is wrong with a ledger at rest; [] when nothing is. @param more tools that its runs called beside the fault tools */
export async function violations(sql: Pool, more: readonly Tool[] = []): Promise<string[]> {
  const found: string[] = [];
  for (const [what, text] of Object.entries(NEVER)) {
    const { rows } = await sql.query<[string]>({ text, rowMode: 'array' });
    found.push(...rows.map(([row]) => `${what}: ${row}`));
  }
  return [...found, ...(await illegalChanges(sql)), ...(await brokenChains(sql)), ...(await undecided(sql, more))];
}

/** Workers that are in the ledger though none should be left. */
export async function workersLeft(sql: Pool): Promise<number> {
  const { rows } = await sql.query<{ n: number }>('select count(*)::int as n from opsroom.workers');
  return rows[0]?.n ?? 0;
}

/** Holds the recorded history of every run against the model. */
async function illegalChanges(sql: Pool): Promise<string[]> {
  const text = 'select run, before, after, txid::text, at from faults.history order by run, n';
  const { rows } = await sql.query<{ run: string; before: Row | null; after: Row }>(text);
  const last = new Map<string, Row>();
  const illegal: string[] = [];
  for (const { run, before, after } of rows) {
    const known = last.get(run) ?? null;
    const changes = JSON.stringify(before) === JSON.stringify(known);
    if (!changes || transition(before, after) === undefined) {
      const history = rows.filter((r) => r.run === run).map((r) => `  ${JSON.stringify(r)}`);
      illegal.push(
        [`illegal change of run ${run}: ${JSON.stringify(before)} to ${JSON.stringify(after)}`, ...history].join('\n'),
      );
    }
    last.set(run, after);
  }
  return illegal;
}

async function brokenChains(sql: Pool): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>('select id from opsroom.runs');
  const broken: string[] = [];
  for (const { id } of rows) {
    const report = verifyChain(await readChain(sql, ORG, id), { end: 'optional', run: id });
    if (!report.ok) broken.push(`the chain of ${id} is broken at ${report.seq}: ${report.problem}`);
  }
  return broken;
}

/** Looks at the lanes again and again while something goes on, and remembers when one was over its width. */
export class LaneWatch {
  readonly over: string[] = [];
  private stopped = false;
  private readonly looking: Promise<void>;
  looks = 0;

  constructor(private readonly sql: Pool) {
    this.looking = this.look();
  }

  private async look(): Promise<void> {
    const text = `select l.lane || ' holds ' || count(*) from opsroom.lanes l join opsroom.runs r using (org_id, lane)
      where r.status in ('released', 'running', 'pausing') group by l.org_id, l.lane, l.width having count(*) > l.width`;
    while (!this.stopped) {
      const { rows } = await this.sql.query<[string]>({ text, rowMode: 'array' }).catch(() => ({ rows: [] }));
      this.over.push(...rows.map(([row]) => row));
      this.looks += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }
}

/** Whatever a run went through, what its records show must follow from them. */
async function undecided(sql: Pool, more: readonly Tool[]): Promise<string[]> {
  const tools = new Map([...faultTools(undefined, () => undefined), ...more].map((tool) => [tool.contract.id, tool]));
  const check = effectMade(undefined);
  const verifiers = new Map([[check.contract.kind, check]]);
  const differences = await replayedAll(sql, { tools, verifiers, planEnv: {}, schemaMismatch: () => undefined });
  return differences.map((difference) => `decided anew it differs: ${JSON.stringify(difference)}`);
}
