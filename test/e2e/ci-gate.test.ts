import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RepositoryNews } from '#integrations/github/news.js';
import type { CheckInput } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { githubGates, githubPulls } from '#operations/github.js';
import { githubTool } from '#tools/github/tool.js';
import { ciGateKind } from '#verify/ci-gate.js';
import { testCall } from '../harness/call.js';
import { type Github, startGithub } from '../harness/github.js';
import { verifies } from '../harness/requirements.js';

const SHA = '3484a3fb816e0859fd6e1cea078d76385ff50625';
const repo = 'octo-org/octo-repo';
const context = testCall({ allowAddresses: ['127.0.0.1'] }).context;

let github: Github;
let news: RepositoryNews;
beforeEach(async () => {
  github = await startGithub(repo);
  news = new RepositoryNews();
});
afterEach(() => github.close());

const config = (more: JsonObject = {}): JsonObject => ({
  repo,
  workflow: 'ci.yml',
  sha: SHA,
  token: github.token,
  baseUrl: github.url,
  intervalMs: 50,
  ...more,
});
const look = (more: JsonObject = {}, phase: CheckInput['phase'] = 'verdict') =>
  ciGateKind(githubGates(news)).check(
    { config: config(more), output: undefined, startedAt: undefined, phase },
    context,
  );

describe('a gate', () => {
  test(verifies('PROOF-05', 'waits until the run is there and done, and a green one passes'), async () => {
    const waiting = look();
    await github.came(2);
    github.runs.push(github.ci({ id: 1, status: 'in_progress', conclusion: null }));
    await github.came(github.asked.length + 2);
    Object.assign(github.runs[0] ?? {}, { status: 'completed', conclusion: 'success' });
    expect(await waiting).toMatchObject({
      passed: true,
      summary: expect.stringMatching(/^ci\.yml #\d+ for 3484a3fb816e ended as success$/),
      evidence: { repo, workflow: 'ci.yml', sha: SHA, run: { id: 1, conclusion: 'success' } },
    });
  });

  test(verifies('PROOF-05', 'a red run fails at once, with the failed job and the end of its log'), async () => {
    github.log = `${Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n')}\n##[error]Process completed with exit code 1.\n`;
    github.runs.push(github.ci({ status: 'completed', conclusion: 'failure' }));
    const found = await look({ logLines: 3 });
    expect(found).toMatchObject({
      passed: false,
      summary: expect.stringContaining('ended as failure: job "linters", step "Run yarn run format-check"'),
      evidence: {
        failedJob: { name: 'linters', conclusion: 'failure' },
        log: 'line 498\nline 499\n##[error]Process completed with exit code 1.',
      },
    });
    expect(found.inconclusive).toBeUndefined();
    expect(JSON.stringify(found)).not.toContain(github.token);
  });

  test('before the step it looks once, and no run yet is a finding: a green one afterwards proves the step', async () => {
    expect(await look({}, 'baseline')).toMatchObject({
      passed: false,
      summary: 'No run of ci.yml for 3484a3fb816e yet',
    });
    expect(github.asked).toHaveLength(1);
  });

  test('a branch is looked up; only a run of that very commit counts, and the newest of them', async () => {
    github.refs.set('feature/prices', SHA);
    github.runs.push(
      github.ci({ head_sha: SHA, run_number: 7, status: 'completed', conclusion: 'failure' }),
      github.ci({ head_sha: SHA, run_number: 8, status: 'completed', conclusion: 'success' }),
      github.ci({ head_sha: 'f'.repeat(40), run_number: 9, status: 'completed', conclusion: 'failure' }),
    );
    const { sha: _, ...byRef } = config({ ref: 'feature/prices' });
    const kind = ciGateKind(githubGates(news));
    const found = await kind.check(
      { config: byRef, output: undefined, startedAt: undefined, phase: 'verdict' },
      context,
    );
    expect(found).toMatchObject({ passed: true, evidence: { sha: SHA, run: { number: 8 } } });
  });

  test('a run that never comes ends the wait, and is no pass', async () => {
    expect(await look({ withinMs: 200 })).toMatchObject({
      passed: false,
      summary: 'No run of ci.yml for 3484a3fb816e yet',
    });
  });

  test(verifies('PROOF-05', 'a webhook wakes the gate long before its next look'), async () => {
    const waiting = look({ intervalMs: 3_600_000, withinMs: 3_600_000 });
    await github.came(1);
    github.runs.push(github.ci({ status: 'completed', conclusion: 'success' }));
    // The first answer may still be on its way: whoever does not wait yet hears no bell.
    const bell = setInterval(() => news.ring('Octo-Org/octo-repo'), 20);
    expect(await waiting).toMatchObject({ passed: true });
    clearInterval(bell);
  });

  test('what passes is waited out: a limit, a fault; a wait that outlasts ours ends at once', async () => {
    github.runs.push(github.ci({ status: 'completed', conclusion: 'success' }));
    github.answers.push(
      { status: 502 },
      { status: 429, headers: { 'retry-after': '0' }, body: { message: 'slow down' } },
    );
    expect(await look()).toMatchObject({ passed: true });
    github.answers.push({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' } });
    expect(await look({ withinMs: 5000 })).toMatchObject({ passed: false, inconclusive: true });
  });

  test('what stays is said at once: wrong token, no such repository, an answer in another form, a private address', async () => {
    expect(await look({ token: 'wrong' })).toMatchObject({
      inconclusive: true,
      summary: expect.stringContaining('Bad credentials'),
    });
    expect(await look({ repo: 'octo-org/other' })).toMatchObject({
      inconclusive: true,
      summary: expect.stringContaining('404'),
    });
    github.answers.push({ status: 200, body: { workflow_runs: 'none' } });
    expect(await look()).toMatchObject({ inconclusive: true, summary: 'GitHub answered in a form that is not known' });
    const kind = ciGateKind(githubGates(news));
    const input = { config: config(), output: undefined, startedAt: undefined, phase: 'verdict' } as const;
    expect(await kind.check(input, testCall().context)).toMatchObject({
      inconclusive: true,
      summary: expect.stringContaining('refused'),
    });
  });

  test.each([
    ['a path for a repository', { repo: '../../user' }],
    ['a workflow that is no file', { workflow: '../../secrets' }],
    ['neither sha nor ref', { sha: 'main' }],
  ])('%s is refused', async (_, more) => {
    expect(await look(more)).toMatchObject({ passed: false, summary: expect.stringContaining('config') });
    expect(github.asked).toHaveLength(0);
  });
});

describe('a pull request', () => {
  const tool = githubTool(githubPulls((run) => `https://ops.example/runs/${run}`));
  const open = (more: JsonObject = {}) =>
    tool.run(
      'pull_request',
      {
        repo,
        token: github.token,
        baseUrl: github.url,
        head: 'prices',
        base: 'main',
        title: 'Lower the prices',
        ...more,
      },
      context,
    );

  test(
    verifies('MAKE-08', 'is opened with reviewers and a link to its run; once, however often it is asked for'),
    async () => {
      github.refs.set('prices', SHA);
      const first = await open({ body: 'Why: sale.', reviewers: ['ada'] });
      expect(first).toMatchObject({ ok: true, output: { number: 1, state: 'open', sha: SHA, created: true } });
      expect(github.pulls[0]).toMatchObject({
        title: 'Lower the prices',
        body: 'Why: sale.\n\n---\nMade by Opsroom, run [`run`](https://ops.example/runs/run) ([proof](https://ops.example/runs/run/proof)).',
        requested_reviewers: [{ login: 'ada' }],
      });
      expect(await open({ reviewers: ['ada'] })).toMatchObject({ ok: true, output: { number: 1, created: false } });
      expect(github.pulls).toHaveLength(1);
    },
  );

  test('what GitHub refuses is said in its words; a limit may be tried again', async () => {
    expect(await open()).toMatchObject({
      ok: false,
      error: { code: 'HTTP_STATUS', message: expect.stringContaining('Validation Failed'), retryable: false },
    });
    expect(await open({ token: 'wrong' })).toMatchObject({ error: { code: 'LOGIN_REFUSED', retryable: false } });
    github.answers.push({ status: 503 });
    expect(await open()).toMatchObject({ error: { retryable: true } });
    expect(await open({ head: '--upload-pack=x' })).toMatchObject({ error: { code: 'ARGUMENT_INVALID' } });
  });
});
