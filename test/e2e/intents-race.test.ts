import { afterAll, beforeAll, expect, it } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { approveIntent, rejectIntent, withdrawIntent } from '#operations/intents/answers.js';
import { createIntent } from '#operations/intents/create.js';
import { getIntent } from '#operations/intents/get.js';
import { sweepOnce } from '#operations/intents/sweep.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { type TestApi, testApi } from '../harness/api.js';
import { personRoom } from '../harness/authority.js';
import { verifies } from '../harness/requirements.js';

const ROUNDS = 1000;
const AT_ONCE = 20;
const plan = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Race',
    target: { environment: 'production' },
    workspace: { kind: 'temp' },
    steps: [{ id: 'one', tool: 'shell', args: { run: 'true' } }],
  },
};

let api: TestApi;
let ada: Room;
let ben: Room;
let joe: Room;
beforeAll(async () => {
  api = await testApi();
  ada = personRoom(api.room, 'ada', 'owner');
  ben = personRoom(api.room, 'ben', 'approver');
  joe = personRoom(api.room, 'joe', 'operator');
});
afterAll(() => api.close());

const asked = async (words: string): Promise<string> =>
  (await invoke(createIntent, { plan, intent: words }, joe)).intentId;
const yes = (id: string, room: Room) => invoke(approveIntent, { intent: id, reason: 'yes' }, room);
const ACTS: readonly ((id: string) => Promise<{ readonly status: string }>)[] = [
  (id) => yes(id, ada),
  (id) => yes(id, ben),
  (id) => yes(id, ada),
  (id) => invoke(rejectIntent, { intent: id, reason: 'no' }, ben),
  (id) => invoke(withdrawIntent, { intent: id }, joe),
];

it(verifies(
  'POLICY-03',
  'in a thousand rounds of people who decide at the same moment one wins, the others are told, and there is one run or none',
), async () => {
  const wins = new Map<string, number>();
  for (let begun = 0; begun < ROUNDS; begun += AT_ONCE) {
    const rounds = Array.from({ length: AT_ONCE }, (_, i) => round(begun + i));
    for (const end of await Promise.all(rounds)) wins.set(end, (wins.get(end) ?? 0) + 1);
  }
  // Otherwise they were no races.
  for (const end of ['running', 'rejected', 'withdrawn']) expect(wins.get(end) ?? 0, end).toBeGreaterThan(10);
  const { rows } = await api.room.database.engine.query(
    `select count(*)::int as n, count(*) filter (where r.id is null and i.status = 'running')::int as lost,
         count(*) filter (where r.id is not null and i.status <> 'running')::int as wrong
       from opsroom.intents i left join opsroom.runs r on r.id = i.run_id`,
  );
  expect(rows[0]).toEqual({ n: ROUNDS, lost: 0, wrong: 0 });
  const runs = await api.room.database.engine.query('select count(*)::int as n from opsroom.runs');
  expect(runs.rows[0].n).toBe(wins.get('running'));
}, 300_000);

/** @returns how the intent ended */
async function round(n: number): Promise<string> {
  const id = await asked(`round ${n}`);
  // Who begins differs from round to round.
  const acts = ACTS.map((_, i) => ACTS[(i + n) % ACTS.length]).slice(0, 2 + (n % 4));
  const ends = await Promise.allSettled(acts.map(async (act) => act?.(id)));
  const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  expect(ends.length - lost.length, `round ${n}`).toBe(1);
  for (const reason of lost) {
    expect(reason).toBeInstanceOf(OpsroomError);
    expect(reason).toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  }
  return (await invoke(getIntent, { intent: id }, ada)).status;
}

it(
  verifies(
    'POLICY-03',
    'whoever dies between the approval and its run leaves nothing undone: the next who looks makes it, once',
  ),
  async () => {
    for (const place of ['intent:launch', 'submit:before', 'submit:after'] as const) {
      const id = await asked(`dies at ${place}`);
      const dies = { ...ada, ports: { ...ada.ports, failpoint: (at: string) => (at === place ? die() : undefined) } };
      // Once the run is written, whoever fails after it changes nothing.
      const said = await yes(id, dies).then(
        () => 'fine',
        (error: unknown) => (error as Error).message,
      );
      expect(said).toContain(place === 'submit:after' ? 'fine' : 'killed');
      const { runId, status } = await invoke(getIntent, { intent: id }, ada);
      expect(status).toBe('running');
      // As if it had been five seconds ago, for then somebody else may take it for dead.
      await api.room.database.engine.query(
        `update opsroom.intents set starts_at = starts_at - interval '1 minute' where id = $1`,
        [id],
      );
      await Promise.all([sweepOnce(api.room), sweepOnce(api.room), sweepOnce(api.room)]);
      const { rows } = await api.room.database.engine.query('select id from opsroom.runs where id = $1', [runId]);
      expect(rows, place).toHaveLength(1);
    }
    const id = await asked('dies before it is written');
    const dies = {
      ...ada,
      ports: { ...ada.ports, failpoint: (at: string) => (at === 'intent:approved' ? die() : undefined) },
    };
    await expect(yes(id, dies)).rejects.toThrow('killed');
    expect(await invoke(getIntent, { intent: id }, ada)).toMatchObject({ status: 'waiting', approvals: [] });
    expect(await yes(id, ada)).toMatchObject({ status: 'running' });
  },
);

function die(): never {
  throw new Error('killed');
}
