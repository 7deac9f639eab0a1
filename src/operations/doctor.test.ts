import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '#kit/config.js';
import { nodeFinding } from './doctor-machine.js';
import { policiesFinding } from './doctor-policies.js';
import { serverFindings } from './doctor-room.js';

test.each([
  ['20.18.9', false],
  ['20.19.0', true],
  ['22.0.0', true],
  ['9.99.0', false],
])('Node %s is new enough: %s', (version, ok) => {
  expect(nodeFinding(version).ok).toBe(ok);
});

test('an old server is refused, a superuser is warned of', () => {
  const found = serverFindings({ version: '14.9', major: 14, role: 'postgres', superuser: true });
  expect(found.map(({ id, ok, essential }) => [id, ok, essential])).toEqual([
    ['database', false, true],
    ['role', false, false],
  ]);
  const good = serverFindings({ version: '15.2', major: 15, role: 'ops', superuser: false });
  expect(good.every(({ ok, mend }) => ok && mend === undefined)).toBe(true);
});

test('policies that cannot be used are named with file, line and mend', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-doctor-'));
  const found = (more: object = {}) =>
    policiesFinding(loadConfig({ OPSROOM_HOME: join(folder, 'home'), ...more }), folder);
  try {
    expect(await found()).toMatchObject({ id: 'policies', ok: true, found: 'those that come with Opsroom' });
    await writeFile(join(folder, 'x.cedar'), 'forbid (principal');
    expect(await found({ OPSROOM_POLICIES: folder })).toMatchObject({
      ok: false,
      essential: true,
      found: expect.stringContaining(`${join(folder, 'x.cedar')}, line 1`),
      mend: expect.stringContaining('`opsroom policy check`'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
