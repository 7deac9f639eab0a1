import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '../../harness/ports.js';
import { startPart } from '../run-part.js';

export const EMULATE = 'emulate';

export interface Emulator {
  readonly url: string;
  /** Asks below the repository's address, as its owner. @throws Error for a status of 400 and more */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<object>;
  close(): Promise<void>;
}

const answerSchema = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** A GitHub that keeps what it is told, with one empty repository, and sends webhooks. It takes any token. */
export async function startEmulator(repo: string, token: string, others: readonly string[]): Promise<Emulator> {
  const [owner = '', name = ''] = repo.split('/');
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-emulate-'));
  const seed = {
    tokens: { [token]: { login: owner, scopes: ['repo', 'admin:repo_hook'] } },
    github: {
      users: [owner, ...others].map((login) => ({ login })),
      repos: [{ owner, name, auto_init: false }],
    },
  };
  const file = join(folder, 'seed.json');
  await writeFile(file, JSON.stringify(seed));
  const port = await freePort();
  const args = ['start', '--service', 'github', '--port', String(port), '--seed', file];
  const part = await startPart(`${EMULATE}/dist/index.js`, args, port);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    ask: async (method, path, body) => {
      const answer = await fetch(`${url}/repos/${repo}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text === '' ? {} : answerSchema.parse(JSON.parse(text));
    },
    close: async () => {
      await part.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
