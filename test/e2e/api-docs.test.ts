import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../architecture/sources.js';
import { fences } from '../docs/markdown.js';
import { START_MS, TestHome } from '../harness/home.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';

const page = { path: 'docs/api.md', text: readFileSync(join(ROOT, 'docs/api.md'), 'utf8') };
const home = new TestHome();
afterAll(() => home.close(), 120_000);

/** One shell for the whole page: later examples use what earlier ones set. After each block it says so. */
function script(): string {
  const blocks = fences(page).filter(({ info }) => info === 'sh');
  return [
    'npx() { shift; node "$PROGRAM" "$@"; }',
    ...blocks.map(({ text, line }) => `${text}\necho; echo "=== line ${line}"`),
  ].join('\n');
}

async function shell(text: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn('sh', ['-e', '-c', text], { cwd: home.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

test.skipIf(missing('curl'))(
  verifies('SEE-09', 'every example of docs/api.md works on a real room'),
  { timeout: 120_000 },
  async () => {
    const room = home.start(['start', '--port', '0', '--json']);
    await room.saw('"bundle"', START_MS);
    const { url, credential } = JSON.parse(room.stdout().split('\n')[0] ?? '') as { url: string; credential: string };
    expect(credential).toBe(join(home.path, 'local.token'));
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: home.path,
      OPSROOM_HOME: home.path,
      ROOM: url,
      PROGRAM: join(ROOT, 'bin/opsroom.mjs'),
    };
    const { code, output } = await shell(script(), env);
    expect(code, output).toBe(0);
    expect(output).toContain('event: end');
    expect(output).toContain('"text":"hello"');
    expect(output).toContain('application/vnd.opsroom.proof+json');
    expect(output).toContain('"code":"NOT_FOUND"');
    expect(output).not.toContain('opsl_');
  },
);

test('a room is not opened to other machines unless it is said so', async () => {
  const refused = await home.json('start', '--port', '0', '--host', '0.0.0.0');
  expect([refused.code, refused.value]).toMatchObject([
    2,
    { error: { code: 'USAGE', mend: expect.stringContaining('--open-to-network') } },
  ]);
});
