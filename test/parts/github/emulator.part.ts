import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewRun } from '#execute/views/store.js';
import type { JsonObject } from '#ir/json.js';
import { githubGates, githubPulls } from '#operations/github.js';
import { githubTool } from '#tools/github/tool.js';
import { ciGateKind } from '#verify/ci-gate.js';
import { testCall } from '../../harness/call.js';
import { ORG } from '../../harness/engine.js';
import { eventually } from '../../harness/processes.js';
import { verifies } from '../../harness/requirements.js';
import { wordsOf } from '../../harness/skill-room.js';
import { story } from '../../harness/template-room.js';
import { missingPart } from '../run-part.js';
import { OPENAPI, PRISM } from './contract.js';
import { EMULATE } from './emulator.js';
import { REPO as repo, type Stateful, startStateful, TOKEN } from './stateful.js';

const LIMIT = 180_000;

/** As the room lists it, and as the emulator does. */
interface Came {
  readonly event: string;
  readonly state: string;
  readonly runId: string | null;
}
interface Delivered {
  readonly event: string;
  readonly status_code: number;
}

interface Hook {
  /** The emulator's. */
  readonly id: number;
  /** Where the room takes it. */
  readonly url: string;
  readonly came: () => Promise<Came[]>;
}

const text = { type: 'string' };
/** What a pull request that is opened starts. */
const OPENED = {
  filter: "event == 'pull_request' && payload.action == 'opened'",
  inputs: {
    repo: 'payload.repository.full_name',
    ref: 'payload.pull_request.head.ref',
    sha: 'payload.pull_request.head.sha',
    number: 'payload.pull_request.number',
  },
  plan: {
    value: {
      apiVersion: 'opsroom/v1',
      title: 'After a pull request',
      inputSchema: {
        type: 'object',
        required: ['repo', 'ref', 'sha', 'number'],
        properties: { repo: text, ref: text, sha: text, number: { type: 'integer' } },
      },
      steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
    },
  },
};
const MEND = `diff --git a/sum.sh b/sum.sh
--- a/sum.sh
+++ b/sum.sh
@@ -1 +1 @@
-echo $(($1 - $2))
+echo $(($1 + $2))
`;

describe.skipIf(missingPart(EMULATE, PRISM, OPENAPI))('a GitHub that keeps its state', () => {
  let github: Stateful;
  beforeAll(async () => {
    github = await startStateful();
  }, LIMIT);
  afterAll(() => github?.close(), LIMIT);

  /** A webhook of the room, told to the emulator. */
  async function hook(name: string): Promise<Hook> {
    const { api } = github.at.room;
    const made = await api.ask('POST', '/v1/webhooks', { body: { name, form: 'github', ...OPENED } });
    expect(made.status, made.text).toBe(201);
    const { url: address, secret } = made.body() as { url: string; secret: string };
    const url = `${github.door}${new URL(address).pathname}`;
    const path = `/v1/webhooks/${name}/deliveries?limit=200`;
    const came = async () => (await api.ask('GET', path)).body()['deliveries'] as Came[];
    return { id: await hooked(url, secret), url, came };
  }
  const hooked = async (url: string, secret: string) => {
    const asked = { config: { url, content_type: 'json', secret }, events: ['*'] };
    return ((await github.emulator.ask('POST', '/hooks', asked)) as { id: number }).id;
  };
  const delivered = async (id: number) =>
    (await github.emulator.ask('GET', `/hooks/${id}/deliveries?per_page=100`)) as Delivered[];
  /** Of a check run's end GitHub tells every webhook. */
  const checkRun = (sha: string) =>
    github.emulator.ask('POST', '/check-runs', {
      name: 'ci',
      head_sha: sha,
      status: 'completed',
      conclusion: 'success',
    });

  const args = (more: JsonObject = {}): JsonObject => ({
    remote: github.remote,
    repo,
    branch: 'mend-sum',
    patches: [MEND],
    message: 'Mend the sum; $(id) "so"',
    test: ['sh', 'test.sh'],
    token: '{{ secrets.GITHUB }}',
    baseUrl: github.contract.url,
    reviewers: ['ada'],
    ...more,
  });

  /** While the work is under way, the runs of commits that the gate has asked about end well. */
  async function whileCiEnds<T>(work: Promise<T>): Promise<T> {
    let told: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      for (const run of github.actions.runs.filter(({ status }) => status === 'in_progress')) {
        const sha = String(run['head_sha']);
        if (!github.actions.asked.some(({ path }) => path.includes(sha))) continue;
        Object.assign(run, { status: 'completed', conclusion: 'success' });
        told = Promise.all([told, checkRun(sha)]);
        // Heard at the end.
        told.catch(() => undefined);
      }
    }, 30);
    try {
      return await work;
    } finally {
      clearInterval(timer);
      await told;
    }
  }

  test(
    verifies(
      'SKILL-02',
      'repo-mutation: from the clone to a green CI on a GitHub that keeps its state, within its contract',
    ),
    async () => {
      const { id, came } = await hook('opened');
      const done = await whileCiEnds(github.at.use('repo-mutation', args()));
      expect(done.status, story(done)).toBe('succeeded');
      expect(wordsOf(done)).toMatchObject({ 'use-push': 'proven', 'use-offer': 'proven', use: 'proven' });
      const sha = github.git('rev-parse', 'mend-sum');
      expect(await github.emulator.ask('GET', '/pulls/1')).toMatchObject({
        title: 'Mend the sum; $(id) "so"',
        body: expect.stringContaining(done.runId),
        state: 'open',
        head: { ref: 'mend-sum', sha },
        base: { ref: 'main' },
        requested_reviewers: [{ login: 'ada' }],
      });
      expect(JSON.stringify(done)).not.toContain(TOKEN);
      expect(github.contract.passed.map(({ asked }) => asked)).toContain(`GET /repos/${repo}/pulls/1`);
      expect(github.contract.broken('request')).toEqual([]);

      await eventually(async () => (await delivered(id)).some(({ event }) => event === 'check_run'));
      const sent = await delivered(id);
      expect(sent.map(({ event }) => event)).toEqual(expect.arrayContaining(['create', 'pull_request', 'check_run']));
      expect(sent.filter(({ status_code }) => status_code !== 200 && status_code !== 202)).toEqual([]);
      const started = (await came()).filter(({ state }) => state === 'started');
      expect(started).toMatchObject([{ event: 'pull_request' }]);
      const run = await viewRun(github.at.room.api.db.database.engine, ORG, String(started[0]?.runId));
      expect(run?.inputs).toEqual({ repo, ref: 'mend-sum', sha, number: 1 });
    },
    LIMIT,
  );

  test('the pull request that is open is taken over; another branch gets its own', async () => {
    const { context } = testCall({ allowAddresses: ['127.0.0.1'] });
    const open = (head: string) => {
      const asked = {
        repo,
        token: TOKEN,
        baseUrl: github.contract.url,
        head,
        base: 'main',
        title: 'Mend',
        reviewers: ['ada'],
      };
      return githubTool(githubPulls(() => undefined)).run('pull_request', asked, context);
    };
    expect(await open('mend-sum')).toMatchObject({ ok: true, output: { number: 1, created: false } });
    github.git('branch', 'other', 'mend-sum');
    await github.mirror.pushed();
    expect(await open('other')).toMatchObject({ ok: true, output: { number: 2, created: true } });
    expect(await open('other')).toMatchObject({ ok: true, output: { number: 2, created: false } });
    expect(github.contract.broken('request')).toEqual([]);
  });

  test(
    'whose password is wrong clones nothing',
    async () => {
      const stranger = await github.at.use(
        'repo-mutation',
        args({ folder: 'stranger', branch: 'none', token: 'ghp_wrong' }),
      );
      expect(wordsOf(stranger), story(stranger)).toMatchObject({ 'use-clone': 'failed', 'use-patch': 'pending' });
    },
    LIMIT,
  );

  test(
    verifies('PROOF-05', 'a webhook of a real delivery wakes the gate long before its next look'),
    async () => {
      const { came } = await hook('waking');
      const sha = github.git('rev-parse', 'main');
      const before = github.contract.passed.length;
      const { context } = testCall({ allowAddresses: ['127.0.0.1'] });
      const config = { repo, workflow: 'ci.yml', sha, token: TOKEN, baseUrl: github.contract.url };
      const patience = { intervalMs: 3_600_000, withinMs: 3_600_000 };
      const waiting = ciGateKind(githubGates(github.at.room.api.room.news)).check(
        { config: { ...config, ...patience }, output: undefined, startedAt: undefined, phase: 'verdict' },
        context,
      );
      await eventually(() => github.contract.passed.length > before);
      const run = github.actions.runs.find(({ head_sha }) => head_sha === sha);
      Object.assign(run ?? {}, { status: 'completed', conclusion: 'success' });
      // The first answer may still be on its way: whoever does not wait yet hears no bell. One that fails is followed by another.
      const bell = setInterval(() => void checkRun(sha).catch(() => undefined), 100);
      const found = await waiting.finally(() => clearInterval(bell));
      expect(found).toMatchObject({ passed: true, evidence: { sha, run: { conclusion: 'success' } } });
      expect(github.contract.passed).toHaveLength(before + 2);
      expect((await came()).map(({ event }) => event)).toContain('check_run');
    },
    LIMIT,
  );

  test('who signs with another secret is refused', async () => {
    const { id, url, came } = await hook('forged');
    const other = await hooked(url, 'guessed');
    await github.emulator.ask('POST', `/hooks/${other}/pings`);
    await eventually(async () => (await delivered(id)).length > 0 && (await delivered(other)).length > 0);
    // The emulator pings every webhook of the repository.
    const codes = async (hookId: number) => new Set((await delivered(hookId)).map(({ status_code }) => status_code));
    expect(await codes(id)).toEqual(new Set([200]));
    expect(await codes(other)).toEqual(new Set([401]));
    expect(await came()).toMatchObject([{ event: 'ping', state: 'ignored' }]);
  });
});
