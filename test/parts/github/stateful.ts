import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listen } from '#server/listen.js';
import { startGitHost } from '../../harness/git-host.js';
import { type Github, startGithub } from '../../harness/github.js';
import { startHttpServer } from '../../harness/http-server.js';
import { type SkillRoom, skillRoom } from '../../harness/skill-room.js';
import { type Contract, startContract } from './contract.js';
import { type Emulator, startEmulator } from './emulator.js';
import { forward } from './forward.js';
import { Mirror } from './mirror.js';

export const TOKEN = 'ghp_contract_server_token';
export const REPO = 'octo-org/octo-repo';

/** A room that listens, and a GitHub beside it that keeps its state, with one repository. */
export interface Stateful {
  readonly at: SkillRoom;
  /** Where the room takes webhooks. */
  readonly door: string;
  readonly emulator: Emulator;
  /** The runs of GitHub Actions. */
  readonly actions: Github;
  /** Its `url` is the API's: the contract stands before all that answers. */
  readonly contract: Contract;
  /** What git clones from and pushes to. */
  readonly remote: string;
  /** Runs git where the repository is hosted. */
  git(...args: string[]): string;
  /** Lets the emulator know what `git` did behind its back. */
  readonly mirror: Mirror;
  close(): Promise<void>;
}

/** git as Ada, in UTC. */
function gitIn(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@octo.example', '-c', 'init.defaultBranch=main'];
  const env = { ...process.env, TZ: 'UTC' };
  return execFileSync('git', [...who, ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A program with a fault, and the test that finds it, on `main`. */
function plant(folder: string, bare: string): void {
  mkdirSync(bare, { recursive: true });
  gitIn(bare, 'init', '-q', '--bare');
  gitIn(folder, 'clone', '-q', bare, 'seed');
  const seed = join(folder, 'seed');
  writeFileSync(join(seed, 'sum.sh'), 'echo $(($1 - $2))\n');
  writeFileSync(join(seed, 'test.sh'), 'test "$(sh sum.sh 2 3)" = 5\n');
  gitIn(seed, 'add', '-A');
  gitIn(seed, 'commit', '-q', '-m', 'Begin');
  gitIn(seed, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
}

/**
 * The emulator has neither git over HTTP nor workflows that run: git's own program serves the one, the server of the other tests
 * answers for the other. What is pushed is told to the emulator before the push is answered, and starts a run that does not end.
 */
export async function startStateful(): Promise<Stateful> {
  const at = await skillRoom({ OPSROOM_SECRET_GITHUB: TOKEN, TZ: 'UTC' });
  const door = await listen(at.room.api.app, { host: '127.0.0.1', port: 0 });
  const emulator = await startEmulator(REPO, TOKEN, ['ada']);
  const actions = await startGithub(REPO);
  const front = await startHttpServer((request, response) => {
    const to = request.url?.includes('/actions/') ? actions.url : emulator.url;
    forward(to, request, response).catch(() => response.writeHead(502).end());
  });
  const contract = await startContract(front.url);
  const hosted = join(at.folder, 'hosted');
  const bare = join(hosted, `${REPO}.git`);
  plant(at.folder, bare);
  const mirror = new Mirror({
    folder: bare,
    post: (path, body) => emulator.ask('POST', path, body),
    branched: (sha) => void actions.runs.push(actions.ci({ head_sha: sha, status: 'in_progress', conclusion: null })),
  });
  await mirror.pushed();
  const host = await startGitHost({ folder: hosted, token: TOKEN, received: () => mirror.pushed() });
  return {
    at,
    door: door.url,
    emulator,
    actions,
    contract,
    remote: `${host.url}/${REPO}.git`,
    git: (...args) => gitIn(bare, ...args),
    mirror,
    close: async () => {
      for (const server of [host, contract, front, actions, emulator]) await server.close();
      await door.close(0);
      await at.close();
    },
  };
}
