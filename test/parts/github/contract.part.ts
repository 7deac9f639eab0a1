import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsOf, newestRun, resolveRef } from '#integrations/github/actions.js';
import { callGithub, type GithubAccess } from '#integrations/github/client.js';
import { RepositoryNews } from '#integrations/github/news.js';
import type { JsonObject } from '#ir/json.js';
import { githubGates, githubPulls } from '#operations/github.js';
import { githubTool } from '#tools/github/tool.js';
import { ciGateKind } from '#verify/ci-gate.js';
import { testCall } from '../../harness/call.js';
import { type Github, startGithub } from '../../harness/github.js';
import { verifies } from '../../harness/requirements.js';
import { missingPart } from '../run-part.js';
import { type Contract, OPENAPI, PRISM, startContract } from './contract.js';

const LIMIT = 180_000;
const repo = 'octo-org/octo-repo';
const SHA = '3484a3fb816e0859fd6e1cea078d76385ff50625';
const { context } = testCall({ allowAddresses: ['127.0.0.1'] });
const { signal } = new AbortController();

/** What our client asks for, with what varies left out. */
const shapeOf = (asked: string) =>
  asked
    .replace(/\?.*$/, '')
    .replace(/\/(commits)\/.+$/, '/$1/REF')
    .replaceAll(/\/\d+(?=\/|$)/g, '/N');

const OF_THE_CLIENT = [
  `GET /repos/${repo}/actions/jobs/N/logs`,
  `GET /repos/${repo}/actions/runs/N/jobs`,
  `GET /repos/${repo}/actions/workflows/ci.yml/runs`,
  `GET /repos/${repo}/commits/REF`,
  `GET /repos/${repo}/pulls`,
  `POST /repos/${repo}/pulls`,
  `POST /repos/${repo}/pulls/N/requested_reviewers`,
];

/** How many calls the client's source makes: one more is to be seen here before it counts. */
function callsInSource(): number {
  const folder = new URL('../../../src/integrations/github/', import.meta.url);
  const sources = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'));
  const texts = sources.map((name) => readFileSync(new URL(name, folder), 'utf8'));
  return texts.join('\n').match(/await callGithub\(/g)?.length ?? 0;
}

describe.skipIf(missingPart(PRISM, OPENAPI))('GitHub’s own contract', () => {
  describe('in front of the server that the other tests ask', () => {
    let github: Github;
    let contract: Contract;
    beforeAll(async () => {
      github = await startGithub(repo);
      contract = await startContract(github.url);
    }, LIMIT);
    afterAll(async () => {
      await contract?.close();
      await github?.close();
    });

    const look = (more: JsonObject) => {
      const config = { repo, workflow: 'ci.yml', token: github.token, baseUrl: contract.url, withinMs: 0, ...more };
      const input = { config, output: undefined, startedAt: undefined, phase: 'verdict' } as const;
      return ciGateKind(githubGates(new RepositoryNews())).check(input, context);
    };
    const open = (more: JsonObject) => {
      const args = {
        repo,
        token: github.token,
        baseUrl: contract.url,
        base: 'main',
        title: 'Lower the prices',
        ...more,
      };
      return githubTool(githubPulls(() => undefined)).run('pull_request', args, context);
    };

    test(
      verifies('PROOF-05', 'every request that the gate makes is one that GitHub’s contract knows'),
      async () => {
        github.refs.set('feature/prices', SHA);
        expect(await look({ ref: 'feature/prices' })).toMatchObject({ passed: false });
        github.runs.push(github.ci({ head_sha: SHA, status: 'completed', conclusion: 'failure' }));
        expect(await look({ sha: SHA })).toMatchObject({
          passed: false,
          evidence: { failedJob: { name: 'linters' } },
        });
      },
      LIMIT,
    );

    test(verifies('MAKE-08', 'every request that the tool makes is one that GitHub’s contract knows'), async () => {
      github.refs.set('prices', SHA);
      const first = await open({ head: 'prices', body: 'Why: sale.', reviewers: ['ada'], teamReviewers: ['shop'] });
      expect(first).toMatchObject({ ok: true, output: { number: 1, created: true } });
      expect(await open({ head: 'prices', draft: true })).toMatchObject({ ok: true, output: { created: false } });
    });

    test('that was all that the client can ask, and neither side broke the contract', () => {
      const shapes = new Set(contract.passed.map(({ asked }) => shapeOf(asked)));
      expect([...shapes].toSorted()).toEqual(OF_THE_CLIENT);
      expect(callsInSource()).toBe(OF_THE_CLIENT.length);
      expect(contract.broken('request')).toEqual([]);
      // Prism follows the redirect to a log itself, credentials and all: what it finds there is not GitHub's answer.
      expect(contract.broken('response').filter((one) => !one.includes('/logs: '))).toEqual([]);
    });

    test.each([
      ['a body without what is required', { method: 'POST', path: `/repos/${repo}/pulls`, body: { title: 1 } }],
      ['a query of another type', { method: 'GET', path: `/repos/${repo}/pulls?per_page=many` }],
      ['a path that is not there', { method: 'GET', path: `/repos/${repo}/pull-requests` }],
    ] as const)('%s would be seen', async (_, asked) => {
      const before = contract.broken('request').length;
      const access = { baseUrl: contract.url, token: github.token, allowAddresses: ['127.0.0.1'] };
      await callGithub(access, { ...asked, signal }).catch(() => undefined);
      expect(contract.broken('request').length).toBeGreaterThan(before);
    });
  });

  describe.each([
    ['GitHub', 'api.github.com'],
    ['a GitHub Enterprise Server', 'ghes-3.17'],
  ] as const)('answering with the examples of %s', (_, document) => {
    let contract: Contract;
    let access: GithubAccess;
    beforeAll(async () => {
      contract = await startContract(undefined, document);
      access = { baseUrl: contract.url, token: 'ghp_any', allowAddresses: ['127.0.0.1'] };
    }, LIMIT);
    afterAll(() => contract?.close());

    test(
      'what GitHub documents as its answers is read',
      async () => {
        expect(await resolveRef(access, repo, 'main', signal)).toBe('6dcb09b5b57875f334f61aebed695e2e4193db5e');
        const at = { repo, workflow: 'ci.yml', signal };
        const run = await newestRun(access, at, 'acb5820ced9479c074f688cc328bf03f341a511d');
        expect(run).toMatchObject({ id: 30_433_642, run_number: 562, status: 'queued', conclusion: null });
        if (run === undefined) throw new Error('no run');
        const [job] = await jobsOf(access, at, run);
        expect(job).toMatchObject({ id: 399_444_496, name: 'build', status: 'completed', conclusion: 'success' });
        if (job === undefined) throw new Error('no job');
        expect(
          await githubPulls(() => undefined).open({
            ...access,
            repo,
            head: 'new-topic',
            base: 'master',
            title: 'Amazing',
            body: '',
            draft: false,
            reviewers: ['octocat'],
            teamReviewers: [],
            signal,
          }),
        ).toMatchObject({ number: 1347, state: 'open' });
        expect(contract.broken('request')).toEqual([]);
      },
      LIMIT,
    );
  });
});
