import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { startGitHost } from './git-host.js';
import { type Github, startGithub } from './github.js';
import { type HttpServer, startHttpServer } from './http-server.js';

/** Does a task. */
const WRITE = 'mkdir -p src; echo done > "src/$OPSROOM_TASK_ID.txt"\n';
const LIST = '# Tasks: Bookshop\n## Phase 1: Setup\n- [ ] T001 [P] The shelf\n- [ ] T002 [P] The till\n';

/** A project with a task list, whose remote is on a GitHub. */
export interface SpecProject {
  readonly github: Github;
  /** The working tree, on `main`: `specs/001-shop/tasks.md`, `do.sh` that does a task, `test.sh` that judges it. */
  readonly folder: string;
  /** The bare repository that GitHub has; one beside it, `octo-org/open-repo`, anybody may read. */
  readonly remote: string;
  /** Of the server, which has the API below `/api/v3`. */
  readonly url: string;
  /** Arguments that ask for a pull request there. */
  readonly offer: readonly string[];
  close(): Promise<void>;
}

/** What happens between something on GitHub and its answer. */
export interface Meanwhile {
  /** After a push. */
  readonly received?: () => Promise<void>;
  /** After a pull request was opened. */
  readonly opened?: () => Promise<void>;
}

/** Runs git as somebody. @returns what it printed */
export function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@octo.example', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** @param parent an existing folder, for all of it */
export async function specProject(parent: string, meanwhile: Meanwhile = {}): Promise<SpecProject> {
  const github = await startGithub();
  const remote = join(parent, 'hosted/octo-org/octo-repo.git');
  // GitHub knows a commit once it was pushed.
  github.refs.get = (branch) =>
    git(remote, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`) || undefined;
  await mkdir(join(parent, 'hosted/octo-org'), { recursive: true });
  for (const repository of [remote, join(parent, 'hosted/octo-org/open-repo.git')]) {
    git(parent, 'init', '-q', '--bare', repository);
    git(repository, 'config', 'http.receivepack', 'true');
  }
  const received = meanwhile.received ?? (() => Promise.resolve());
  const gits = await startGitHost({
    folder: join(parent, 'hosted'),
    token: github.token,
    open: new Set(['octo-org/open-repo']),
    received,
  });
  const server = await startServer(github.url, gits.url, meanwhile.opened);
  const folder = join(parent, 'project');
  git(parent, 'clone', '-q', remote, 'project');
  await fill(folder);
  return {
    github,
    folder,
    remote,
    url: server.url,
    offer: ['--pull-request', 'octo-org/octo-repo', '--github-url', `${server.url}/api/v3`],
    close: async () => void (await Promise.all([server.close(), gits.close(), github.close()])),
  };
}

async function fill(folder: string): Promise<void> {
  await mkdir(join(folder, 'specs/001-shop'), { recursive: true });
  await writeFile(join(folder, 'specs/001-shop/tasks.md'), LIST);
  await writeFile(join(folder, 'do.sh'), WRITE);
  await writeFile(join(folder, 'test.sh'), 'for file in src/*.txt; do grep -q done "$file" || exit 1; done\n');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'Begin');
  for (const to of ['origin', '../hosted/octo-org/open-repo.git'])
    git(folder, 'push', '-q', to, 'HEAD:refs/heads/main');
}

/** A GitHub Enterprise Server: its API and its repositories at one address. */
function startServer(api: string, gits: string, opened?: () => Promise<void>): Promise<HttpServer> {
  return startHttpServer((incoming, response) => {
    const path = incoming.url ?? '';
    const to = path.startsWith('/api/v3/') ? `${api}${path.slice('/api/v3'.length)}` : `${gits}${path}`;
    const { method, headers } = incoming;
    const onward = request(to, { method, headers }, (answer) => {
      const told = method === 'POST' && path.endsWith('/pulls') ? opened?.() : undefined;
      void Promise.resolve(told).then(() => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
    });
    incoming.pipe(onward);
  });
}
