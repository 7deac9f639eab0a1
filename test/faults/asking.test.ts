import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { questionDigest } from '#execute/decide/asking.js';
import { questionIn } from '#execute/views/steps.js';
import type { McpToolDefinition } from '#ir/mcp.js';
import type { PlanSource } from '#ir/plan.js';
import type { Answer, QuestionOfStep } from '#ir/question.js';
import { hasEnded } from '#ir/state.js';
import { fixture, listed, node } from '../harness/mcp-servers.js';
import { eventually, idsRunning } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { askingTool } from './asking-tool.js';
import { Fleet, type Member } from './fleet.js';
import { violations } from './invariants.js';
import type { MemberOptions } from './member.js';
import { effectStep, plan } from './plans.js';

const tool = askingTool({ connection: node(''), definitions: [] }, () => undefined);
let fleet: Fleet;
let folder: string;
let definitions: readonly McpToolDefinition[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-asking-'));
  definitions = await listed(server('list'));
  fleet = await Fleet.open(undefined, {
    program: 'test/faults/asking-process.ts',
    parts: ['sandbox', 'tools'],
    tools: [tool],
  });
});
afterEach(async () => {
  await fleet.drain();
  expect(fleet.crashes.splice(0)).toEqual([]);
  expect(await violations(fleet.sql, [tool])).toEqual([]);
});
afterAll(async () => {
  await fleet?.close();
  await rm(folder, { recursive: true, force: true });
});

const journal = (host: string) => join(folder, host);
const server = (host: string) => node(fixture('asking.mjs'), journal(host));
/** A worker of its own host, whose server writes down each call. */
const spawn = (host: string, more: Partial<MemberOptions> = {}) =>
  fleet.spawn({ host, mcp: { connection: server(host), definitions }, ...more });
/** How often the tool was called from its beginning, and how often it did its work with an answer. */
async function calls(host: string): Promise<{ asked: number; did: number }> {
  const lines = (await readFile(journal(host), 'utf8').catch(() => '')).split('\n');
  const count = (line: string) => lines.filter((one) => one === line).length;
  return { asked: count('deploy -'), did: count('deploy built lasting') };
}

const ask = (kind: 'idempotent' | 'bare', more: object = {}) => ({
  id: 'ask',
  tool: 'mcp',
  args: { server: 'server', tool: 'deploy', arguments: {} },
  ...(kind === 'idempotent' ? { idempotent: true } : {}),
  ...more,
});
const after = effectStep('after', 'idempotent', { dependsOn: ['ask'] });
const submit = (host: string, steps: PlanSource['steps'], more: Partial<PlanSource> = {}) =>
  fleet.engine.submit(plan(steps, more), { host });

/** What the step asks, as whoever answers sees it. */
async function question(run: string): Promise<QuestionOfStep | undefined> {
  const row = (await fleet.engine.attempts(run)).findLast(({ step }) => step === 'ask');
  return row && questionIn(row);
}
const asks = (run: string) => eventually(async () => (await question(run)) !== undefined);
const YES: Answer = { action: 'accept', content: { version: '1' } };
const answer = (run: string, digest: string | undefined) =>
  fleet.send(run, 'answer', { step: 'ask', answer: YES, ...(digest === undefined ? {} : { question: digest }) });
const answerNow = async (run: string) => answer(run, (await question(run))?.digest);
const outcomes = async (run: string) =>
  (
    await fleet.sql.query<{ outcome: string }>(
      "select outcome from opsroom.signals where run_id = $1 and kind = 'answer' order by id",
      [run],
    )
  ).rows.map(({ outcome }) => outcome);
const running = (run: string, step: string) =>
  eventually(
    async () =>
      (
        await fleet.sql.query(
          "select 1 from opsroom.step_attempts where run_id = $1 and step_id = $2 and status = 'running'",
          [run, step],
        )
      ).rowCount === 1,
  );

const everywhere = [
  ...['commit:before', 'commit:after'].flatMap((at) => [1, 2, 3].map((nth) => ({ at, nth }))),
  ...['tool:before', 'tool:after'].flatMap((at) => [1, 2].map((nth) => ({ at, nth }))),
];

describe('kill -9 around a question', () => {
  test.each(['idempotent', 'bare'] as const)(
    verifies(
      'RUN-03',
      'before and after every write and every call, of a step that is %s: it is asked, answered and done',
    ),
    { timeout: 180_000 },
    async (kind) => {
      const cells = everywhere.entries();
      const ends: object[] = [];
      const next = async (): Promise<void> => {
        for (const [n, kill] of cells) ends.push(await killedAt(kind, kill, `${kind}-${n}`));
      };
      await Promise.all([1, 2].map(next));
      const wanted = everywhere.map((kill) => ({
        ...kill,
        status: 'succeeded',
        error: null,
        killed: 'SIGKILL',
        right: true,
      }));
      expect(ends).toEqual(expect.arrayContaining(wanted));
      expect(ends).toHaveLength(wanted.length);
    },
  );
});

/** One run whose worker dies at the given point; another goes on, and a person says what is asked of them. */
async function killedAt(kind: 'idempotent' | 'bare', kill: MemberOptions['kill'], host: string) {
  const victim = await spawn(host, kill ? { kill } : {});
  const heir = victim.exited.then(() => spawn(host));
  heir.catch(() => undefined);
  const run = await submit(host, [ask(kind), after]);
  for (;;) {
    const { status, parked } = await fleet.engine.run(run);
    if (hasEnded(status)) break;
    if (parked?.code === 'INPUT') await answerNow(run);
    else if (parked?.code === 'UNKNOWN') await lookAndSay(run, host);
    await moved(run);
  }
  // One that was never killed is told to end: its end says so.
  victim.child.kill('SIGTERM');
  await stop(await heir);
  const { did } = await calls(host);
  const { status, error } = await fleet.engine.run(run);
  // Cut short between the work and its record, an idempotent step does it again under the same key.
  const right = did === 1 || (kind === 'idempotent' && did === 2);
  return { ...kill, status, error, killed: victim.child.signalCode, right };
}

/** Nobody knows how far it came: a person looks at what the tool has done. */
async function lookAndSay(run: string, host: string): Promise<void> {
  const as = (await calls(host)).did > 0 ? 'done' : 'retry';
  await fleet.send(run, 'resolve', { step: 'ask', as });
}

/** Until the run is parked or has ended. What was said to it has been heard by then. */
const moved = (run: string) => fleet.settled([run], 60_000);

async function stop({ child, exited }: Member): Promise<void> {
  child.kill('SIGTERM');
  await exited;
}

test('a question that waits while its worker dies is answered under the next, by the same digest', async () => {
  const victim = await spawn('beside');
  const beside = effectStep('beside', 'idempotent', { args: { ms: 2000, stubborn: true } });
  const run = await submit('beside', [ask('bare'), after, beside]);
  await running(run, 'beside');
  await asks(run);
  const before = await question(run);
  await fleet.kill(victim);
  await spawn('beside');
  await eventually(async () => {
    const { takeovers, status } = await fleet.engine.run(run);
    return takeovers > 0 && status === 'running';
  });
  expect(await question(run)).toEqual(before);
  await answer(run, before?.digest);
  expect(await fleet.settled([run])).toEqual({ succeeded: 1 });
  expect(await calls('beside')).toEqual({ asked: 1, did: 1 });
  expect(await outcomes(run)).toEqual(['applied']);
});

test('what was asked and not recorded is asked anew: the answer to the lost question answers no other', async () => {
  const victim = await spawn('anew', { kill: { at: 'tool:after', nth: 1 } });
  const run = await submit('anew', [ask('idempotent'), after]);
  await victim.exited;
  await spawn('anew');
  await asks(run);
  await fleet.settled([run]);
  const now = await question(run);
  if (!now) throw new Error('it asks');
  const { step: _, digest, ...words } = now;
  const lost = questionDigest({ question: words }, 1);
  expect(digest).toBe(questionDigest({ question: words }, 2));
  await answer(run, lost);
  await eventually(async () => (await outcomes(run))[0] !== null);
  await fleet.settled([run]);
  expect(await question(run)).toEqual(now);
  await answerNow(run);
  expect(await fleet.settled([run])).toEqual({ succeeded: 1 });
  expect(await outcomes(run)).toEqual(['refused: the step asks something else by now', 'applied']);
  expect(await calls('anew')).toEqual({ asked: 2, did: 1 });
});

describe('a run that asks, while its worker dies,', () => {
  const beside = effectStep('beside', 'idempotent', { args: { ms: 2000, stubborn: true } });

  test('stays paused with its answer, which is heard when it goes on', async () => {
    const victim = await spawn('paused');
    const run = await submit('paused', [ask('bare'), after, beside]);
    await running(run, 'beside');
    await asks(run);
    await fleet.send(run, 'pause');
    await answerNow(run);
    await fleet.kill(victim);
    await spawn('paused');
    expect(await fleet.settled([run])).toEqual({ paused: 1 });
    expect((await calls('paused')).did).toBe(0);
    await fleet.send(run, 'resume');
    expect(await fleet.settled([run])).toEqual({ succeeded: 1 });
    expect(await calls('paused')).toEqual({ asked: 1, did: 1 });
  });

  test('is cancelled: the attempt that asked is over, and nobody answers it any more', async () => {
    const victim = await spawn('cancelled');
    const run = await submit('cancelled', [ask('bare'), after, beside]);
    await running(run, 'beside');
    await asks(run);
    const late = (await question(run))?.digest;
    await fleet.send(run, 'cancel');
    await fleet.kill(victim);
    await spawn('cancelled');
    expect(await fleet.settled([run])).toEqual({ cancelled: 1 });
    expect(await answer(run, late)).toBe(false);
    expect(await calls('cancelled')).toEqual({ asked: 1, did: 0 });
    const { error, status } = (await fleet.engine.attempts(run)).find(({ step }) => step === 'ask') ?? {};
    expect({ status, code: error?.code }).toEqual({ status: 'cancelled', code: 'INPUT_NEEDED' });
  });

  test('is rolled back once, what asked as well', async () => {
    const undo = [{ id: 'undo', tool: 'effect', idempotent: true }];
    const victim = await spawn('rolled');
    const steps = [
      effectStep('first', 'idempotent', { rollback: undo }),
      ask('bare', { dependsOn: ['first'], rollback: undo }),
      { ...beside, dependsOn: ['first'] },
    ];
    const run = await submit('rolled', steps, { onCancel: 'rollback' });
    await running(run, 'beside');
    await asks(run);
    await fleet.send(run, 'cancel');
    await fleet.kill(victim);
    await spawn('rolled');
    await fleet.settled([run]);
    const { rows } = await fleet.sql.query(
      "select step, count(*)::int as n from faults.effects where run = $1 and step like '%/undo' group by step order by step",
      [run],
    );
    expect(rows).toEqual([
      { step: 'ask/undo', n: 1 },
      { step: 'first/undo', n: 1 },
    ]);
    expect(await calls('rolled')).toEqual({ asked: 1, did: 0 });
  });
});

test('an MCP server that dies while its question waits is started again with the answer', async () => {
  await spawn('server');
  const run = await submit('server', [ask('bare'), after]);
  expect(await fleet.settled([run])).toEqual({ waiting: 1 });
  const ids = await idsRunning(journal('server'));
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids.filter((one) => ![...fleet.members].some(({ child }) => child.pid === one)))
    process.kill(id, 'SIGKILL');
  await answerNow(run);
  expect(await fleet.settled([run])).toEqual({ succeeded: 1 });
  expect(await calls('server')).toEqual({ asked: 1, did: 1 });
});
