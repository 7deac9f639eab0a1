import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type TestDatabase, testDatabase } from '../../harness/database.js';
import { TestHome } from '../../harness/home.js';
import { missing, notRoot } from '../../harness/parts.js';
import { verifies } from '../../harness/requirements.js';
import { fakeModel } from './model.js';
import { missingAgents, modelArgs, PROGRAMS } from './programs.js';
import { MEND, shopWorkspace } from './shop.js';

const LIMIT = 120_000;
const OPSROOM = fileURLToPath(new URL('../../../bin/opsroom.mjs', import.meta.url));
const DOCS = new URL('../../../docs/agents.md', import.meta.url);
/** A folder of the system that is there for programs and usually empty. */
const PLACE = '/usr/local/games';
/** Inside a sandbox only programs of the system are seen. Here they are that for the process alone, and no file of the machine changes. */
const INSTALL = `set -e
mount -t tmpfs -o size=1m,mode=755 opsroom-test ${PLACE}
for name in claude codex; do touch ${PLACE}/$name; done
mount --bind "$1" ${PLACE}/claude
mount --bind "$2" ${PLACE}/codex
shift 2
exec "$@"`;

const noPlace = () => {
  if (existsSync(PLACE)) return false;
  console.warn(`skipped: there is no ${PLACE} on this machine`);
  return true;
};
const lacks =
  missingAgents() || missing('bwrap') || missing('unshare') || notRoot('a mount of the test’s own') || noPlace();

/** As it stands there, but for the model. */
async function documented(preset: 'claude-code' | 'codex', url: string): Promise<string> {
  const [, text = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(await readFile(DOCS, 'utf8')) ?? [];
  const plan = parse(text) as { steps: { args: { env: object; preset: string; options?: string[] } }[] };
  const [step] = plan.steps;
  const { options, env } = modelArgs(preset, url);
  if (step)
    Object.assign(step.args, { preset, options, env: { ...env, ...(preset === 'codex' ? {} : step.args.env) } });
  return stringify(plan);
}

interface Shown {
  readonly cost: { readonly usd: number; readonly unpriced: number; readonly agents: readonly object[] } | null;
}

describe.skipIf(lacks)('the plan of docs/agents.md, in bubblewrap, with', () => {
  let db: TestDatabase;
  let home: TestHome;
  beforeAll(async () => {
    db = await testDatabase();
    home = new TestHome();
  }, LIMIT);
  afterAll(async () => {
    await home?.close();
    await db?.close();
  }, LIMIT);

  const settings = () => ({
    DATABASE_URL: db.url,
    OPSROOM_HOME: home.path,
    OPSROOM_HOST: 'here',
    OPSROOM_SECRET_ANTHROPIC_API_KEY: 'a-key-of-nobody',
    HOME: home.path,
    PATH: `${PLACE}:${process.env['PATH'] ?? ''}`,
  });

  test.each(['claude-code', 'codex'] as const)(
    verifies(
      'TOOL-07',
      '%s: it works without asking, tests judge it, its commit reaches the branch, its cost is told or unknown',
    ),
    async (preset) => {
      const workspace = await shopWorkspace();
      const clone = join(workspace, '.opsroom-agents/mend/clone');
      const model = await fakeModel(() => MEND[preset](clone));
      const file = join(workspace, 'mend.yaml');
      await writeFile(file, await documented(preset, model.url));
      const command = [process.execPath, OPSROOM, 'run', file, '--json'];
      const args = ['--mount', '--propagation', 'private', 'sh', '-c', INSTALL, 'sh', PROGRAMS.claude, PROGRAMS.codex];
      const ran = promisify(execFile)('unshare', [...args, ...command], { cwd: workspace, env: settings() });
      const { stdout, stderr } = await ran.catch((failed: { stdout: string; stderr: string }) => failed);
      await model.close();
      const { runId, status } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, string>;
      expect(status, `${stdout}\n${stderr}`).toBe('succeeded');
      // Nobody had to allow it.
      expect(model.answers().at(-1)).toContain('pass 1');
      const { stdout: sum } = await promisify(execFile)('git', ['show', 'agents/sum:src/sum.mjs'], {
        cwd: join(workspace, 'shop'),
      });
      expect(sum).toContain('a + b');
      const shown = (await home.start(['show', runId ?? '', '--json'], settings()).finished).json<Shown>();
      expect(shown).toMatchObject({ cost: { agents: [{ inputTokens: 600, outputTokens: 60 }] } });
      const { stdout: words } = await home.start(['show', runId ?? ''], settings()).finished;
      if (preset === 'codex') expect(words).toContain('cost not told (agent mend does not tell)');
      else expect(shown.cost).toMatchObject({ unpriced: 0, usd: expect.closeTo(0.0036, 6) });
      await rm(workspace, { recursive: true, force: true });
    },
    LIMIT,
  );
});
