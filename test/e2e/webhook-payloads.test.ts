import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewRun } from '#execute/views/store.js';
import { type TestApi, testApi } from '../harness/api.js';
import { ORG } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';

type Payload = Record<string, unknown>;
/** Payloads that GitHub sent, by their event. */
const collected = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json') as readonly {
  readonly name: string;
  readonly examples: readonly Payload[];
}[];
const sent = collected.flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

interface HookMade {
  readonly name: string;
  readonly filter: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** A webhook, as a sender that signs what it posts to it. */
async function hook(made: HookMade) {
  const properties = Object.fromEntries(Object.keys(made.inputs).map((name) => [name, { type: ['string', 'null'] }]));
  const plan = {
    value: {
      apiVersion: 'opsroom/v1',
      title: 'After CI',
      inputSchema: { type: 'object', required: Object.keys(properties), properties },
      steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
    },
  };
  const answer = await api.ask('POST', '/v1/webhooks', { body: { ...made, form: 'github', plan } });
  expect(answer.status, answer.text).toBe(201);
  const { url, secret } = answer.body() as { url: string; secret: string };
  return (event: string, payload: Payload) => {
    const body = JSON.stringify(payload);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = {
      'x-api-key': '',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    };
    return api.ask('POST', new URL(url).pathname, { body, headers });
  };
}

const repositoryOf = ({ repository }: Payload) => (repository as { full_name?: string } | undefined)?.full_name;

test(
  verifies('RUN-14', 'each payload that GitHub really sent is taken once, and wakes who waits for its repository'),
  async () => {
    expect(sent).toHaveLength(329);
    const send = await hook({ name: 'really-sent', filter: "event == 'none'", inputs: {} });
    const bodies = new Set<string>();
    let woken = 0;
    for (const { event, payload } of sent) {
      const body = JSON.stringify(payload);
      const repo = bodies.has(body) ? undefined : repositoryOf(payload);
      const told = repo === undefined ? undefined : api.room.news.wait(repo, 60_000, new AbortController().signal);
      const answer = await send(event, payload);
      // Five were collected twice: the same body under another name is taken for overheard.
      if (bodies.has(body)) expect([event, answer.status]).toEqual([event, 409]);
      else
        expect([event, answer.status, answer.body()['verdict']]).toEqual([
          event,
          200,
          event === 'ping' ? 'ignored' : 'filtered',
        ]);
      await told;
      if (told !== undefined) woken += 1;
      bodies.add(body);
    }
    expect([bodies.size, woken]).toEqual([324, 280]);
  },
);

const HELLO = 'Codertocat/Hello-World';
const OCTO = 'octo-org/octo-repo';
const CHANGES = 'ec26c3e57ca3a959ca5aad62de7213c562f8c821';
const ENDED = '3484a3fb816e0859fd6e1cea078d76385ff50625';
const STATUS = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
const facts = (repo: string, ref: string, sha: string, conclusion: string | null) => ({ repo, ref, sha, conclusion });

/** What tells of the end of CI, how its facts are read, and those that GitHub sent. */
const OF_CI = [
  {
    event: 'workflow_run',
    filter: "payload.action == 'completed'",
    in: { ref: 'workflow_run.head_branch', sha: 'workflow_run.head_sha', conclusion: 'workflow_run.conclusion' },
    read: [
      facts(HELLO, 'main', '5779607b49aab1200488439f02372c57b4f75444', null),
      facts(OCTO, 'master', ENDED, 'success'),
      facts(OCTO, 'master', ENDED, 'success'),
    ],
  },
  {
    event: 'check_suite',
    filter: "payload.action == 'completed'",
    in: { ref: 'check_suite.head_branch', sha: 'check_suite.head_sha', conclusion: 'check_suite.conclusion' },
    read: [
      facts(HELLO, 'changes', CHANGES, 'success'),
      facts(HELLO, 'main', CHANGES, 'success'),
      facts(HELLO, 'changes', CHANGES, 'success'),
      facts(HELLO, 'changes', CHANGES, 'success'),
    ],
  },
  {
    event: 'check_run',
    filter: "payload.action == 'completed'",
    in: { ref: 'check_run.check_suite.head_branch', sha: 'check_run.head_sha', conclusion: 'check_run.conclusion' },
    read: [
      facts(HELLO, 'changes', CHANGES, 'failure'),
      facts(HELLO, 'changes', CHANGES, 'success'),
      facts(HELLO, 'changes', CHANGES, 'success'),
    ],
  },
  {
    event: 'workflow_job',
    filter: "payload.action == 'completed'",
    in: { ref: 'workflow_job.head_branch', sha: 'workflow_job.head_sha', conclusion: 'workflow_job.conclusion' },
    read: [facts(HELLO, 'main', ENDED, 'failure'), facts(HELLO, 'main', ENDED, 'success')],
  },
  {
    event: 'status',
    filter: "payload.state != 'pending'",
    in: { ref: 'branches[0].name', sha: 'sha', conclusion: 'state' },
    read: Array.from({ length: 4 }, () => facts(HELLO, 'master', STATUS, 'success')),
  },
];

test.each(OF_CI)(
  'a real $event starts a plan with its repository, ref, commit and conclusion',
  async ({ event, ...wanted }) => {
    const inputs = Object.fromEntries(Object.entries(wanted.in).map(([name, place]) => [name, `payload.${place}`]));
    const filter = `event == '${event}' && ${wanted.filter}`;
    const send = await hook({
      name: event.replace('_', '-'),
      filter,
      inputs: { repo: 'payload.repository.full_name', ...inputs },
    });
    const read: unknown[] = [];
    for (const { payload } of sent.filter((one) => one.event === event)) {
      const answer = await send(event, payload);
      expect([200, 202], answer.text).toContain(answer.status);
      if (answer.status === 200) continue;
      const run = await viewRun(api.db.database.engine, ORG, String(answer.body()['runId']));
      read.push(run?.inputs);
    }
    expect(read).toEqual(wanted.read);
  },
);
