import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Turn } from './model.js';

const WRONG = 'export const sum = (a, b) => a - b;\n';
const TEST = `import assert from 'node:assert';
import { test } from 'node:test';
import { sum } from './src/sum.mjs';

test('a sum', () => assert.equal(sum(2, 3), 5));
`;

/** A workspace with a repository `shop` whose test fails. */
export async function shopWorkspace(): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), 'opsroom-agent-part-'));
  const shop = join(workspace, 'shop');
  await mkdir(join(shop, 'src'), { recursive: true });
  await writeFile(join(shop, 'src/sum.mjs'), WRONG);
  await writeFile(join(shop, 'sum.test.mjs'), TEST);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: shop, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@octo.example');
  git('add', '-A');
  git('commit', '-q', '-m', 'Begin');
  return workspace;
}

/** What a model does to mend it by the tools of each program; three answers, 600 tokens in and 60 out. */
export const MEND: Readonly<Record<'claude-code' | 'codex', (clone: string) => readonly Turn[]>> = {
  'claude-code': (clone) => [
    { call: 'Read', args: { file_path: join(clone, 'src/sum.mjs') }, used: [100, 10] },
    {
      call: 'Edit',
      args: { file_path: join(clone, 'src/sum.mjs'), old_string: 'a - b', new_string: 'a + b' },
      used: [100, 10],
    },
    { call: 'Bash', args: { command: 'node --test', description: 'Run the tests' }, used: [200, 20] },
    { say: 'The sum is mended.', used: [200, 20] },
  ],
  codex: () => [
    { call: 'exec_command', args: { cmd: "sed -i 's/a - b/a + b/' src/sum.mjs" }, used: [200, 20] },
    { call: 'exec_command', args: { cmd: 'node --test' }, used: [200, 20] },
    { say: 'The sum is mended.', used: [200, 20] },
  ],
};
