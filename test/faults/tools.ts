// What the runs of the fault tests do. Each effect is a row of faults.effects, written past the engine and its connections,
// so that what really happened can be held against what the ledger says.
import type pg from 'pg';
import type { Tool, VerifierKind } from '#ir/calls.js';
import { failed, functionTool, functionVerifier, ok } from '../harness/engine.js';

export const FAULTS_SCHEMA = `
create schema faults;
create table faults.effects (
  n bigint generated always as identity, run uuid not null, step text not null, item int not null, attempt int not null,
  key text not null, at timestamptz not null default clock_timestamp());
create table faults.history (
  n bigint generated always as identity, run uuid not null, txid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(), before jsonb, after jsonb not null);
create function faults.note() returns trigger language plpgsql as $$
begin
  insert into faults.history (run, before, after)
    select new.id, case when tg_op = 'UPDATE' then jsonb_build_object('status', old.status, 'epoch', old.epoch, 'owner', old.owner) end,
      jsonb_build_object('status', new.status, 'epoch', new.epoch, 'owner', new.owner);
  return new;
end $$;
-- Before the row is changed and with its lock held: per run, the order of n is the order of commits.
create trigger faults_history before insert or update of status, epoch, owner on opsroom.runs for each row execute function faults.note();
`;

/** Where effects are written; undefined in the process that only compiles plans. */
export type Effects = Pick<pg.Pool, 'query'> | undefined;

const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** `effect` (args `ms`: how long it takes before and after; `stubborn`: does not stop when told), `fail`, `hostile` (args `kind`). */
export function faultTools(effects: Effects, failpoint: (name: string) => void): Tool[] {
  const effect = functionTool('effect', async ({ ms = 0, stubborn }, { id, idempotencyKey, signal }) => {
    await sleep(Number(ms), stubborn ? new AbortController().signal : signal);
    failpoint('tool:before');
    if (signal.aborted && !stubborn) return failed('aborted');
    const text = 'insert into faults.effects (run, step, item, attempt, key) values ($1, $2, $3, $4, $5)';
    await effects?.query(text, [id.runId, id.stepId, id.item, id.attempt, idempotencyKey]);
    failpoint('tool:after');
    await sleep(Number(ms), signal);
    return ok({ key: idempotencyKey });
  });
  const fail = functionTool('fail', () => failed('as asked'));
  const hostile = functionTool('hostile', ({ kind }) =>
    ok(typeof kind === 'string' ? (HOSTILE[kind]?.() ?? null) : null),
  );
  return [effect, fail, hostile];
}

/** Outputs that have broken stores: what jsonb cannot hold, what has no UTF-8 form, what is too large. */
const HOSTILE: Readonly<Record<string, () => string>> = {
  nul: () => 'a\u0000b',
  surrogate: () => 'a\ud800b',
  bytes: () => Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]).toString('latin1'),
  huge: () => 'x'.repeat(50 * 1024 * 1024),
  escape: () => '\\u0000 \u2028 \u202e "\\',
};

/** Passes when the effect of the step at hand was made. */
export function effectMade(effects: Effects): VerifierKind {
  const verifier = functionVerifier(() => ({ passed: false }));
  return {
    contract: verifier.contract,
    check: async (_input, { id }) => {
      const text = 'select count(*)::int as n from faults.effects where run = $1 and step = $2 and item = $3';
      const n = (await effects?.query<{ n: number }>(text, [id.runId, id.stepId, id.item]))?.rows[0]?.n ?? 0;
      return { passed: n > 0, summary: `${n} effects`, evidence: { n } };
    },
  };
}
