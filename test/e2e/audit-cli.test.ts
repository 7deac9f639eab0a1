import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { START_MS, TestHome } from '../harness/home.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';

let home: TestHome;
const file = (name: string) => join(home.path, name);
beforeAll(async () => {
  home = new TestHome();
  for (const name of ['one', 'two', 'three']) expect((await home.json('sessions', 'create', name)).code).toBe(0);
}, START_MS);
afterAll(() => home?.close());

/** What the outside script says of a file, and its exit code. */
function outside(...args: string[]): { code: number | null; said: Record<string, unknown> } {
  const { status, stdout, stderr } = spawnSync('python3', ['docs/verify_audit.py', ...args], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return { code: status, said: JSON.parse(stdout) as Record<string, unknown> };
}

describe('opsroom audit', () => {
  test('lists what was done, and by whom', async () => {
    const { code, value } = await home.json('audit', 'list', '--kind', 'call.');
    const { entries } = value as { entries: { kind: string; actor: string; data: { from: object } }[] };
    expect(code).toBe(0);
    expect(entries.filter(({ kind }) => kind === 'call.sessions.create').length).toBe(3);
    expect(entries[0]?.actor).toMatch(/^user:.+@/);
    expect(entries[0]?.data.from).toEqual({ door: 'cli' });
    const shown = await home.start(['audit', 'list', '--since', '1h']).finished;
    expect(shown.stdout).toContain('call.sessions.create');
    expect((await home.start(['audit', 'list', '--since', 'tomorrow-ish']).finished).code).toBe(2);
  });

  test(verifies(
    'KEEP-05',
    'an export is checked without the room, by two implementations; what was altered is named by both',
  ), async () => {
    const python = !missing('python3', 'the second implementation of the audit export');
    expect((await home.json('audit', 'head', '--out', file('head.json'))).code).toBe(0);
    expect((await home.json('sessions', 'create', 'four')).code).toBe(0);
    for (const format of ['json', 'csv']) {
      const whole = file(`audit.${format}`);
      expect((await home.json('audit', 'export', '--out', whole, '--format', format)).code).toBe(0);
      const ours = await home.json('audit', 'verify', whole, '--against', file('head.json'));
      expect(ours.value).toMatchObject({ ok: true });
      if (python) expect(outside('--against', file('head.json'), whole)).toMatchObject({ code: 0, said: { ok: true } });
      const text = readFileSync(whole, 'utf8');
      const rows = text.split('\n');
      const first = format === 'csv' ? 2 : 1;
      for (const [name, tampered, found] of [
        ['altered', rows.with(first + 2, (rows[first + 2] ?? '').replaceAll('session', 'sessiom')), { seq: 2 }],
        ['dropped', rows.toSpliced(first + 1, 1), { seq: 1, problem: 'dropped' }],
        [
          'swapped',
          rows.with(first, rows[first + 1] ?? '').with(first + 1, rows[first] ?? ''),
          { seq: 1, problem: 'moved' },
        ],
        ['doubled', rows.toSpliced(first + 2, 0, rows[first + 1] ?? ''), { seq: 1, problem: 'inserted' }],
        ['cut', rows.slice(0, first + 3), { seq: 3, problem: 'truncated' }],
      ] as const) {
        writeFileSync(file(name), tampered.join('\n'));
        expect((await home.json('audit', 'verify', file(name))).value, name).toMatchObject({ ok: false, ...found });
        if (python) expect(outside(file(name)), name).toMatchObject({ code: 1, said: { ok: false, ...found } });
      }
    }
  }, 120_000);

  test('rotates only what is old, and never over a file', async () => {
    expect(
      (await home.start(['audit', 'rotate', '--older-than', '400d', '--out', file('old.json')]).finished).code,
    ).toBe(2);
    const over = await home.start(['audit', 'rotate', '--older-than', '1d', '--out', file('head.json'), '--force'])
      .finished;
    expect([over.code, over.stderr]).toEqual([2, expect.stringContaining('There is a file of that name already')]);
  });
});
