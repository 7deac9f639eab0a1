import { createRequire } from 'node:module';
import { type HttpServer, requestBody, startHttpServer } from './http-server.js';

type Json = Record<string, unknown>;
interface Examples {
  readonly name: string;
  readonly examples: readonly Json[];
}

const require = createRequire(import.meta.url);
/** Payloads that GitHub sent: what its REST API answers has the same form for runs, jobs and pull requests. */
const collected = require('@octokit/webhooks-examples/api.github.com/index.json') as Examples[];

/** The object of an event's first example that satisfies `is`, as GitHub wrote it. */
function example(event: string, member: string, is: (value: Json) => boolean = () => true): Json {
  const found = collected.find(({ name }) => name === event)?.examples.map((one) => one[member] as Json);
  const value = found?.find(is);
  if (value === undefined) throw new Error(`no example of ${event}.${member}`);
  return structuredClone(value);
}

const run = example('workflow_run', 'workflow_run', ({ conclusion }) => conclusion === 'success');
const failedJob = example('workflow_job', 'workflow_job', ({ conclusion }) => conclusion === 'failure');
const pull = example('pull_request', 'pull_request');

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Json;
}

export interface Github {
  readonly url: string;
  readonly token: string;
  /** Requests as they came. */
  readonly asked: Asked[];
  /** Answers given before any other, one after the other. */
  readonly answers: { status: number; headers?: Record<string, string>; body?: Json }[];
  /** What branches and tags name. */
  readonly refs: Map<string, string>;
  readonly runs: Json[];
  log: string;
  readonly pulls: Json[];
  /** A run of CI as GitHub shows it. */
  ci(change: Json): Json;
  /** Resolves when so many requests have come in all. */
  came(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A small GitHub on loopback, with the REST API's paths and the forms of real payloads; logs lie on another origin, as there. */
export async function startGithub(repo = 'octo-org/octo-repo'): Promise<Github> {
  const logs = await startHttpServer((request, response) => {
    // A storage that is sent somebody's credentials answers 400, as GitHub's does.
    response.writeHead(request.headers.authorization === undefined ? 200 : 400, { 'content-type': 'text/plain' });
    response.end(request.headers.authorization === undefined ? github.log : 'credentials');
  });
  const waiting: { count: number; done: () => void }[] = [];
  const server: HttpServer = await startHttpServer((request, response) => {
    void (async () => {
      const text = await requestBody(request);
      const asked: Asked = {
        method: request.method ?? '',
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: text === '' ? {} : JSON.parse(text),
      };
      github.asked.push(asked);
      const given = github.answers.shift();
      const { status, headers = {}, body = {} } = given ?? answer(github, repo, asked, logs.url);
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(JSON.stringify(body));
      for (const one of waiting) if (github.asked.length >= one.count) one.done();
    })();
  });
  const github: Github = {
    url: server.url,
    token: 'ghp_contract_server_token',
    asked: [],
    answers: [],
    refs: new Map(),
    runs: [],
    log: '',
    pulls: [],
    ci: (change) => ({ ...structuredClone(run), ...change }),
    came: (count) =>
      new Promise((done) => {
        if (github.asked.length >= count) done();
        else waiting.push({ count, done });
      }),
    close: async () => void (await Promise.all([server.close(), logs.close()])),
  };
  return github;
}

type Answer = { status: number; headers?: Record<string, string>; body?: unknown };
const notFound: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' },
};

function answer(github: Github, repo: string, asked: Asked, logs: string): Answer {
  if (asked.authorization !== `Bearer ${github.token}`) return { status: 401, body: { message: 'Bad credentials' } };
  const url = new URL(asked.path, 'http://x');
  if (!url.pathname.startsWith(`/repos/${repo}/`)) return notFound;
  const path = url.pathname.slice(`/repos/${repo}`.length);
  const [, commit] = /^\/commits\/(.+)$/.exec(path) ?? [];
  if (commit !== undefined) return commitOf(github, decodeURIComponent(commit));
  if (path === '/actions/workflows/ci.yml/runs') {
    const runs = github.runs.filter((one) => one['head_sha'] === url.searchParams.get('head_sha'));
    return { status: 200, body: { total_count: runs.length, workflow_runs: runs } };
  }
  if (/^\/actions\/runs\/\d+\/jobs$/.test(path)) return { status: 200, body: { total_count: 1, jobs: [failedJob] } };
  if (/^\/actions\/jobs\/\d+\/logs$/.test(path)) return { status: 302, headers: { location: `${logs}/signed` } };
  return pullsAnswer(github, asked, url, path);
}

function commitOf(github: Github, ref: string): Answer {
  const sha = github.refs.get(ref);
  return sha === undefined
    ? { status: 422, body: { message: `No commit found for SHA: ${ref}` } }
    : { status: 200, body: { sha } };
}

/** An open pull request is at what its branch was pushed to since. */
function follow({ head }: Json, github: Github): void {
  const shown = head as Json;
  shown['sha'] = github.refs.get(String(shown['ref'])) ?? shown['sha'];
}

function pullsAnswer(github: Github, { method, body }: Asked, url: URL, path: string): Answer {
  for (const one of github.pulls) follow(one, github);
  if (path === '/pulls' && method === 'GET') {
    const isAsked = ({ head, base }: Json) =>
      (head as Json)['label'] === url.searchParams.get('head') &&
      (base as Json)['ref'] === url.searchParams.get('base');
    return { status: 200, body: github.pulls.filter(isAsked) };
  }
  if (path === '/pulls' && method === 'POST') return opened(github, body);
  const [, number, reviews] = /^\/pulls\/(\d+)(\/requested_reviewers)?$/.exec(path) ?? [];
  const found = github.pulls.find((one) => String(one['number']) === number);
  if (found !== undefined && reviews === undefined && method === 'GET') return { status: 200, body: found };
  if (found === undefined || reviews === undefined || method !== 'POST') return notFound;
  const { user } = pull as { user: Json };
  found['requested_reviewers'] = (body['reviewers'] as string[]).map((login) => ({ ...user, login }));
  return { status: 201, body: found };
}

function opened(github: Github, { title, head, base, body, draft }: Json): Answer {
  const sha = github.refs.get(String(head));
  if (sha === undefined || typeof title !== 'string' || typeof base !== 'string')
    return { status: 422, body: { message: 'Validation Failed', errors: [{ field: 'head', code: 'invalid' }] } };
  const number = github.pulls.length + 1;
  const html_url = `https://github.example/octo-org/octo-repo/pull/${number}`;
  const shown = structuredClone(pull) as { head: Json; base: Json };
  const ends = {
    head: { ...shown.head, ref: head, sha, label: `octo-org:${String(head)}` },
    base: { ...shown.base, ref: base },
  };
  const made = { ...shown, number, html_url, title, body, draft, state: 'open', auto_merge: null, ...ends };
  github.pulls.push(made);
  return { status: 201, body: made };
}
