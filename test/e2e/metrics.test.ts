import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunCollector } from '#operations/metrics/collect.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { seedRuns } from '../harness/seed.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

/** The value of one line of the text. */
const valueOf = (text: string, line: string): number | undefined => {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

test(
  verifies('KEEP-04', 'metrics in the format of Prometheus: requests, connections, runs by lane and state, slots'),
  async () => {
    await seedRuns(api.db.database, { runs: 100 });
    await api.ask('GET', '/v1/runs/ffffffff');
    const answer = await api.ask('GET', '/metrics');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const { rows } = await api.db.database.engine.query<{ lane: string; n: number }>(
      "select lane, count(*)::int as n from opsroom.runs where status = 'queued' group by 1",
    );
    for (const { lane, n } of rows) expect(valueOf(answer.text, `opsroom_runs{lane="${lane}",state="queued"}`)).toBe(n);
    expect(valueOf(answer.text, 'opsroom_lane_slots{lane="A"}')).toBe(4);
    expect(answer.text).toMatch(
      /opsroom_http_request_duration_seconds_count\{method="GET",route="\/v1\/runs\/:run",status="404"\} 1/,
    );
    expect(answer.text).toContain('opsroom_database_connections{state="idle"}');
    expect(answer.text).toContain('process_cpu_user_seconds_total');
    // Every line is a comment or a sample.
    for (const line of answer.text.split('\n')) expect(line).toMatch(/^$|^#|^[a-z_\d]+(\{[^}]*\})? [-+.\dena]+$/i);
  },
);

test('what ended since somebody first asked is counted once, by state and by tool', async () => {
  const collector = new RunCollector(0);
  expect(await collector.text(api.room)).not.toContain('opsroom_run_duration_seconds_count');
  await api.db.database.engine.query(
    `update opsroom.runs set ended_at = clock_timestamp()
     where id in (select id from opsroom.runs where status = 'succeeded' order by seqno limit 3)`,
  );
  const texts = await Promise.all([collector.text(api.room), collector.text(api.room)]);
  for (const text of texts) {
    expect(valueOf(text, 'opsroom_run_duration_seconds_count{state="succeeded"}')).toBe(3);
    expect(text).toMatch(/opsroom_step_duration_seconds_count\{tool="shell",outcome="done"\} \d+/);
  }
  expect(texts[0]).toBe(texts[1]);
});

test('without a key, or without run:read, there are none', async () => {
  expect((await api.app.request('/metrics', { headers: { host: 'localhost' } })).status).toBe(401);
  const headers = { 'x-api-key': await api.key('run:start') };
  expect((await api.ask('GET', '/metrics', { headers })).status).toBe(403);
});
