import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectName, readProjectFile } from './project-files.js';

let root: string;
let project: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'opsroom-project-')));
  project = join(root, 'project');
  await mkdir(join(project, 'ops'), { recursive: true });
  await mkdir(join(project, '.opsroom'));
  await writeFile(join(project, 'ops/deploy.yaml'), 'title: Deploy');
  await writeFile(join(project, '.opsroom/key.yaml'), 'secret');
  await writeFile(join(root, 'outside.yaml'), 'outside');
  await symlink(join(root, 'outside.yaml'), join(project, 'ops/link.yaml'));
  await symlink(root, join(project, 'up'));
});
afterAll(() => rm(root, { recursive: true }));

describe('files below the project folder', () => {
  it('are read, and those that are not there are not', async () => {
    expect(await readProjectFile(project, 'ops/deploy.yaml')).toEqual({
      path: join(project, 'ops/deploy.yaml'),
      text: 'title: Deploy',
    });
    expect(await readProjectFile(project, 'ops/absent.yaml')).toBeUndefined();
    expect(await readProjectFile(project, 'ops/deploy.yaml/below')).toBeUndefined();
  });

  it('that cannot be read just now are no broken plans', async () => {
    await expect(readProjectFile('/proc/self', 'mem')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    const long = `ops/${'x'.repeat(280)}`;
    await expect(readProjectFile(project, long)).rejects.toMatchObject({ code: 'PLAN_UNREADABLE' });
  });

  it.each([
    '../outside.yaml',
    'ops/../../outside.yaml',
    '/etc/passwd',
    'ops//deploy.yaml',
    './ops/deploy.yaml',
    '.opsroom/key.yaml',
    'ops\\..\\x',
    'ops/\0',
    '',
    'ops/link.yaml',
    'up/outside.yaml',
    'x'.repeat(301),
  ])('and nothing else: %j', async (name) => {
    await expect(readProjectFile(project, name)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('are no folders, and no other text than UTF-8', async () => {
    await expect(readProjectFile(project, 'ops')).rejects.toMatchObject({ code: 'PLAN_UNREADABLE' });
    await writeFile(join(project, 'ops/bytes.yaml'), Buffer.from([0xff, 0xfe]));
    await expect(readProjectFile(project, 'ops/bytes.yaml')).rejects.toMatchObject({ code: 'PLAN_UNREADABLE' });
  });

  it('have a name that leads back to them', () => {
    expect(projectName(project, join(project, 'ops/deploy.yaml'))).toBe('ops/deploy.yaml');
    for (const path of [join(root, 'outside.yaml'), join(project, '.opsroom/key.yaml'), `${project}-other/x.yaml`])
      expect(projectName(project, path), path).toBeUndefined();
  });
});
