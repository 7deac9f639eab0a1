import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Worker } from '#execute/worker.js';
import { type Listening, listen } from '#server/listen.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { type Sent, sentEvents } from '../harness/sse.js';

const LINES = 1200;
const shell = (id: string, run: string) => ({ id, tool: 'shell', args: { run } });
const PLAN = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Talks',
    steps: [shell('a', `seq 1 ${LINES}`), shell('b', `seq 1 ${LINES}`), shell('c', 'echo one; echo two')],
  },
};

/** For a time: streams of a run that waits for a person end. */
const WAITS = { id: 'w', kind: 'system', action: 'wait', args: { durationMs: 3_600_000 } };

interface Line {
  readonly step: string;
  readonly number: number;
  readonly text: string;
}

let api: TestApi;
let server: Listening;
let worker: Worker | undefined;
let run = '';
/** What a stream that began before the run has told. */
let live: Sent[] = [];

const follow = (query = '', headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/runs/${run}/logs/stream${query}`, { headers: { 'x-api-key': api.local, ...headers } });
const linesOf = (events: readonly Sent[]): Line[] =>
  events
    .filter(({ event, data }) => event === 'message' && data !== '')
    .flatMap(({ data }) => JSON.parse(data) as Line[]);
const of = (step: string, lines: readonly Line[]) => lines.filter((line) => line.step === step).map(({ text }) => text);
const upTo = (last: number) => Array.from({ length: last }, (_, n) => String(n + 1));

async function all(answer: Response): Promise<Sent[]> {
  const events: Sent[] = [];
  for await (const event of sentEvents(answer)) events.push(event);
  return events;
}

beforeAll(async () => {
  api = await testApi({ heartbeatMs: 200 });
  server = await listen(api.app, { host: '127.0.0.1', port: 0 });
  const started = await api.ask('POST', '/v1/runs', { body: { plan: PLAN } });
  run = (started.body() as { runId: string }).runId;
  const watching = all(await follow());
  worker = await api.open.startWorker('all');
  live = await watching;
}, 60_000);
afterAll(async () => {
  await worker?.drain(1000);
  await server?.close(1000);
  await api?.close();
}, 60_000);

describe('the log stream', () => {
  test(verifies('ROOM-01', 'tells every line once, in order, as it is printed, and ends with the run'), () => {
    const lines = linesOf(live);
    expect(of('a', lines)).toEqual(upTo(LINES));
    expect(of('b', lines)).toEqual(upTo(LINES));
    expect(of('c', lines)).toEqual(['one', 'two']);
    expect(live.at(-1)).toMatchObject({ event: 'end' });
  });

  test('goes on where it was, however often the connection breaks', async () => {
    const seen: Line[] = [];
    let ended = false;
    for (let last = ''; !ended; ) {
      for await (const sent of sentEvents(await follow('', last === '' ? {} : { 'last-event-id': last }))) {
        ended = sent.event === 'end';
        if (sent.data === '' || ended) continue;
        seen.push(...linesOf([sent]));
        last = sent.rawId;
        break;
      }
    }
    expect(seen).toHaveLength(2 * LINES + 2);
    for (const step of ['a', 'b']) expect(of(step, seen)).toEqual(upTo(LINES));
  });

  test('of one step begins with its last lines, and leaves out the others also for who comes back', async () => {
    const events = await all(await follow('?step=a&tail=3'));
    expect(of('a', linesOf(events))).toEqual(['1198', '1199', '1200']);
    const last = events.findLast(({ data, event }) => event === 'message' && data !== '')?.rawId ?? '';
    expect(linesOf(await all(await follow('?step=a', { 'last-event-id': last })))).toEqual([]);
    // A page in a browser cannot send the header when it begins anew.
    expect(linesOf(await all(await follow(`?step=a&after=${last}`)))).toEqual([]);
  });

  test.each([
    ['?step=nobody', {}, 404],
    ['?tail=0', {}, 400],
    ['?more=1', {}, 400],
    ['', { 'last-event-id': 'x' }, 400],
    ['', { 'last-event-id': Buffer.from('[[1,2]]').toString('base64url') }, 400],
  ])('%s with %j answers %d', async (query, headers, status) => {
    expect((await follow(query, headers as Record<string, string>)).status).toBe(status);
  });

  test('more than a hundred at once are refused for a while', async () => {
    const started = await api.ask('POST', '/v1/runs', { body: { plan: { value: { ...PLAN.value, steps: [WAITS] } } } });
    const { runId } = started.body() as { runId: string };
    const leaving = new AbortController();
    const open = () =>
      fetch(`${server.url}/v1/runs/${runId}/logs/stream`, {
        headers: { 'x-api-key': api.local },
        signal: leaving.signal,
      });
    const streams = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const reader = (await open()).body?.getReader();
        // Its first words come before it reads anything; the next ones show that it does.
        for (let piece = 0; piece < 2; piece++) await reader?.read();
        return reader;
      }),
    );
    const refused = await open();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    leaving.abort();
    expect(streams).toHaveLength(100);
    await api.ask('POST', `/v1/runs/${runId}/cancel`, { body: { reason: 'over' } });
  });

  test('of a key that may not read is refused', async () => {
    expect((await follow('', { 'x-api-key': await api.key('run:start') })).status).toBe(403);
  });
});
