import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

type Payload = Record<string, unknown>;
/** Payloads that GitHub sent, by their event. */
const sent = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json') as readonly {
  readonly name: string;
  readonly examples: readonly Payload[];
}[];

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

async function hook(name: string): Promise<(event: string, payload: Payload | undefined) => Promise<Payload>> {
  const plan = {
    value: {
      apiVersion: 'opsroom/v1',
      title: 'After CI',
      inputSchema: {
        type: 'object',
        required: ['ref'],
        properties: { ref: { type: 'string', pattern: '^[0-9a-f]{40}$' } },
      },
      steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
    },
  };
  const filter = "event == 'workflow_run' && payload.workflow_run.conclusion == 'success'";
  const inputs = { ref: 'payload.workflow_run.head_sha' };
  const made = await api.ask('POST', '/v1/webhooks', { body: { name, form: 'github', plan, filter, inputs } });
  expect(made.status, made.text).toBe(201);
  const { url, secret } = made.body() as { url: string; secret: string };
  return async (event, payload) => {
    const body = JSON.stringify(payload);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = {
      'x-api-key': '',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const answer = await api.ask('POST', new URL(url).pathname, { body, headers });
    expect(answer.status, `${event}: ${answer.text}`).toBeLessThan(300);
    return answer.body();
  };
}

test(
  verifies(
    'RUN-14',
    'a payload of each event that GitHub really sent is taken, and wakes who waits for its repository',
  ),
  async () => {
    const send = await hook('really-sent');
    const verdicts: [string, unknown][] = [];
    for (const { name, examples } of sent) {
      const [payload] = examples;
      const repo = (payload?.['repository'] as { full_name?: string } | undefined)?.full_name;
      const told = repo === undefined ? undefined : api.room.news.wait(repo, 60_000, new AbortController().signal);
      verdicts.push([name, (await send(name, payload))['verdict']]);
      await told;
    }
    expect(verdicts).toEqual(sent.map(({ name }) => [name, name === 'ping' ? 'ignored' : 'filtered']));
    const ended = sent
      .find(({ name }) => name === 'workflow_run')
      ?.examples.find((payload) => (payload['workflow_run'] as Payload)['conclusion'] === 'success');
    const after = await hook('really-ended');
    expect(await after('workflow_run', ended)).toMatchObject({ verdict: 'started' });
  },
);
