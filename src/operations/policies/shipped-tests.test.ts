import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROLES } from '#identity/permissions.js';
import { verifies } from '../../../test/harness/requirements.js';
import { initFolder, lookAtFolder, testFolder } from './folder.js';
import { LOAD_PORTS, SHIPPED_POLICIES } from './room-policies.js';

test(
  verifies('POLICY-04', 'the shipped policies say what their own tests expect, and each decides in one of them'),
  async () => {
    const { outcomes, untested } = await testFolder(SHIPPED_POLICIES);
    expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(20);
    expect(untested).toEqual([]);
  },
);

test('the roles of the schema are those that people have', () => {
  const [role] =
    /entity Role enum \[.*\]/.exec(readFileSync(join(SHIPPED_POLICIES, 'opsroom.cedarschema'), 'utf8')) ?? [];
  expect(role).toBe(`entity Role enum [${ROLES.map((name) => `"${name}"`).join(', ')}]`);
  expect(LOAD_PORTS.approvers).toEqual(['owner', 'approver']);
});

test('init brings what decides the same, and overwrites nothing', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'opsroom-init-')), 'policies');
  try {
    await initFolder(folder);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['agents.cedar', 'opsroom.cedarschema', 'tests']));
    expect(lookAtFolder(folder)).toMatchObject({
      shipped: false,
      digest: lookAtFolder(SHIPPED_POLICIES).digest,
      problems: [],
    });
    expect((await testFolder(folder)).outcomes.every(({ passed }) => passed)).toBe(true);
    await expect(initFolder(folder)).rejects.toMatchObject({ code: 'USAGE' });
  } finally {
    await rm(join(folder, '..'), { recursive: true, force: true });
  }
});
