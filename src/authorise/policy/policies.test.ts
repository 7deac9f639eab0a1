import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import type { Question } from '../decision.js';
import { openPolicies } from './policies.js';
import type { PolicyVersion } from './store.js';

const SHIPPED = fileURLToPath(new URL('../../../policies', import.meta.url));
const PERMIT = '@id("all") @reason("All.") permit (principal, action, resource);\n';
const FREEZE =
  '@id("freeze") @reason("Nothing moves in December.") forbid (principal, action == Action::"run", resource);\n';
const asked: Question = {
  principal: { kind: 'machine', by: 'user:ada@host', role: null, agent: null, person: null },
  action: 'run',
  request: {
    environment: 'production',
    app: '',
    branch: '',
    kind: 'ops',
    title: 'T',
    planDigest: 'd',
    lane: 'A',
    readOnly: false,
    isolated: true,
    tools: [],
    secrets: [],
    allowAddresses: [],
    proposer: null,
  },
};

let project: string;
let versions: PolicyVersion[];
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'opsroom-policies-'));
  versions = [];
});
afterEach(() => rm(project, { recursive: true, force: true }));

const open = (named?: string) =>
  openPolicies({
    home: join(project, '.opsroom'),
    named,
    shipped: SHIPPED,
    approvers: ['owner', 'approver'],
    formProblem: () => undefined,
    changed: async (version) => void versions.push(version),
  });
const file = (name: string) => join(project, 'policies', name);
const write = async (name: string, text: string) => {
  await mkdir(join(project, 'policies'), { recursive: true });
  // As editors and git do it: a reader finds the old file or the new one.
  await writeFile(join(project, 'new'), text);
  await rename(join(project, 'new'), file(name));
};

describe(verifies('POLICY-04', 'the policies of a room'), () => {
  test('are those of the package until the project has its own', async () => {
    const policies = open();
    expect(await policies.decide(asked)).toMatchObject({ effect: 'needs_approval', policies: ['production-approved'] });
    expect(await policies.describe()).toMatchObject({ folder: SHIPPED, shipped: true, problems: [] });
    await write('all.cedar', PERMIT);
    expect(await policies.decide(asked)).toMatchObject({ effect: 'allow', policies: ['all'] });
    expect(await policies.describe()).toMatchObject({ folder: join(project, 'policies'), shipped: false });
  });

  test('are those of the folder that is named', async () => {
    await mkdir(join(project, 'ours'));
    await writeFile(join(project, 'ours', 'all.cedar'), PERMIT);
    expect((await open(join(project, 'ours')).decide(asked)).effect).toBe('allow');
    expect(await open(join(project, 'nowhere')).decide(asked)).toMatchObject({
      effect: 'deny',
      reason: expect.stringContaining('cannot be read'),
    });
  });

  test('count from the next decision on, each set told of once', async () => {
    await write('all.cedar', PERMIT);
    const policies = open();
    const first = await policies.decide(asked);
    await policies.decide(asked);
    await write('freeze.cedar', FREEZE);
    const second = await policies.decide(asked);
    expect([first.effect, second.effect]).toEqual(['allow', 'deny']);
    expect(versions.map(({ digest }) => digest)).toEqual([first.policyDigest, second.policyDigest]);
    expect(Object.keys(versions[1]?.files ?? {})).toEqual(['all.cedar', 'freeze.cedar', 'opsroom.cedarschema']);
    await write('freeze.cedar', FREEZE);
    expect(await policies.digest()).toBe(second.policyDigest);
    expect(versions).toHaveLength(2);
  });

  test('refuse everything while they cannot be used, and serve again once they are mended', async () => {
    await write('all.cedar', PERMIT);
    const policies = open();
    await policies.reload();
    await write('freeze.cedar', FREEZE.replace('forbid', 'forbit'));
    const refused = await policies.decide(asked);
    expect(refused).toMatchObject({
      effect: 'deny',
      policies: [],
      reason: expect.stringMatching(/freeze\.cedar, line 1/),
    });
    await expect(policies.reload()).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    expect((await policies.describe()).problems).toHaveLength(1);
    await write('freeze.cedar', '');
    expect((await policies.decide(asked)).effect).toBe('allow');
    expect(versions).toHaveLength(3);
    expect(versions[1]?.digest).toBe(refused.policyDigest);
  });

  test('refuse to start with a set that is wrong, and say where', async () => {
    await write('all.cedar', `\n${PERMIT.replace('@reason("All.")', '')}`);
    await expect(open().reload()).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      where: `${file('all.cedar')}, line 2, policy "all"`,
    });
  });

  test.skipIf(process.platform === 'win32')('are not believed where everybody may write them', async () => {
    await write('all.cedar', PERMIT);
    await chmod(file('all.cedar'), 0o666);
    expect(await open().decide(asked)).toMatchObject({
      effect: 'deny',
      reason: expect.stringContaining('Everybody on this machine'),
    });
  });

  test('decide nothing where the change cannot be noted', async () => {
    await write('all.cedar', PERMIT);
    let down = true;
    const policies = openPolicies({
      home: join(project, '.opsroom'),
      named: undefined,
      shipped: SHIPPED,
      approvers: ['owner'],
      formProblem: () => undefined,
      changed: () => (down ? Promise.reject(new Error('The database is away.')) : Promise.resolve()),
    });
    expect(await policies.decide(asked)).toMatchObject({ effect: 'deny', reason: 'The database is away.' });
    down = false;
    expect((await policies.decide(asked)).effect).toBe('allow');
  });
});
