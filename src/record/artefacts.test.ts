import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMask } from '#observe/redact.js';
import { INLINE_BYTES, keepFile, pathOf } from './artefacts.js';

let root: string;
let workspace: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'opsroom-artefacts-'));
  workspace = join(root, 'workspace');
  folder = join(root, 'kept');
  await mkdir(workspace);
});
afterEach(() => rm(root, { recursive: true }));

const keep = (path: string, capBytes?: number) =>
  keepFile(workspace, { name: 'page', path }, { folder, ...(capBytes === undefined ? {} : { capBytes }) });
const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

test('a small file stays in memory, a large one is copied to its address', async () => {
  await writeFile(join(workspace, 'small'), 'hello');
  const small = await keep('small');
  expect(small).toEqual({
    name: 'page',
    sha256: digest(Buffer.from('hello')),
    size: 5,
    body: Buffer.from('hello'),
    file: null,
  });
  const content = Buffer.alloc(INLINE_BYTES + 1, 'x');
  await writeFile(join(workspace, 'large'), content);
  const large = await keep('large');
  expect(large).toEqual({
    name: 'page',
    sha256: digest(content),
    size: content.length,
    body: null,
    file: pathOf(digest(content)),
  });
  expect((await readFile(join(folder, large.file ?? ''))).equals(content)).toBe(true);
  expect(await keep('large')).toEqual(large);
  expect(await readdir(join(folder, 'partial'))).toEqual([]);
});

test('an empty file, an absolute path inside, and a link inside are fine', async () => {
  await writeFile(join(workspace, 'empty'), '');
  await symlink('empty', join(workspace, 'link'));
  for (const path of ['empty', join(workspace, 'empty'), 'link']) expect(await keep(path)).toMatchObject({ size: 0 });
});

test('what lies or links outside the workspace is refused', async () => {
  await writeFile(join(root, 'secret'), 'secret');
  await symlink('../secret', join(workspace, 'link'));
  await symlink('..', join(workspace, 'up'));
  await mkdir(join(root, 'workspace-two'));
  await writeFile(join(root, 'workspace-two', 'file'), 'x');
  for (const path of [
    '../secret',
    'link',
    'up/secret',
    join(root, 'secret'),
    '/etc/hostname',
    '../workspace-two/file',
    '../nothing',
    '/nothing/there',
    'a/../../nothing',
    '.',
  ]) {
    await expect(keep(path), path).rejects.toMatchObject({ code: 'ARTEFACT_REFUSED' });
  }
});

test('what is missing, no file, too large or no path is a clear error', async () => {
  await mkdir(join(workspace, 'folder'));
  await writeFile(join(workspace, 'file'), 'hello');
  await expect(keep('nothing')).rejects.toMatchObject({
    code: 'ARTEFACT_MISSING',
    message: expect.stringContaining('"page"'),
  });
  await expect(keep('file/below')).rejects.toMatchObject({ code: 'ARTEFACT_MISSING' });
  await expect(keep('folder')).rejects.toMatchObject({ code: 'ARTEFACT_REFUSED' });
  await expect(keep('a\0b')).rejects.toMatchObject({ code: 'ARTEFACT_REFUSED' });
  await expect(keep('file', 4)).rejects.toMatchObject({
    code: 'ARTEFACT_REFUSED',
    message: expect.stringContaining('limit is 4'),
  });
});

test('a file that changes while it is read is refused, and leaves nothing behind', async () => {
  const file = join(workspace, 'growing');
  await writeFile(file, '');
  await truncate(file, 64 * 1024 * 1024);
  const done = new AbortController();
  const writer = (async () => {
    while (!done.signal.aborted) await appendFile(file, 'more');
  })();
  await expect(keep('growing')).rejects.toMatchObject({
    code: 'ARTEFACT_REFUSED',
    message: expect.stringContaining('changed'),
  });
  done.abort();
  await writer;
  expect(await readdir(join(folder, 'partial'))).toEqual([]);
});

test('text is kept with its secrets masked, under the digest of what is kept; other bytes as they are', async () => {
  const mask = createMask([['TOKEN', 'yellow-submarine']]);
  const masked = (path: string) => keepFile(workspace, { name: 'page', path }, { folder, mask });
  await writeFile(join(workspace, 'text'), 'token: yellow-submarine\nhex: 79656c6c6f772d7375626d6172696e65\n');
  const expected = Buffer.from('token: ‹secret:TOKEN›\nhex: ‹secret:TOKEN›\n');
  expect(await masked('text')).toEqual({
    name: 'page',
    sha256: digest(expected),
    size: expected.length,
    body: expected,
    file: null,
  });
  const untouched = [Buffer.from('nothing in it'), Buffer.from('yellow-submarine\0'), Buffer.from([255, 254, 65])];
  for (const bytes of untouched) {
    await writeFile(join(workspace, 'bytes'), bytes);
    expect(await masked('bytes')).toMatchObject({ sha256: digest(bytes), body: bytes });
  }
});
