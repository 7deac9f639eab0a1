import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { movedWorkspace, workspaceOf } from './workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'opsroom-ground-'));
mkdirSync(join(folder, 'sites/shop'), { recursive: true });
mkdirSync(join(folder, 'sites/blog'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (path: string) => ({ steps: [], workspace: { kind: 'inplace' as const, path } });
const ground = (inputs: JsonObject) => ({ home: '/home', planEnv: { SITE: 'blog' }, inputs, folder });

test.each<[string, JsonObject, string]>([
  ['sites/shop', {}, 'sites/shop'],
  ['sites/{{ inputs.site }}', { site: 'shop' }, 'sites/shop'],
  ['sites/{{ env.SITE }}', {}, 'sites/blog'],
  ['{{ inputs.folder }}', { folder: join(folder, 'sites') }, 'sites'],
])('an inplace plan works in the folder that its path gives: %s', async (path, inputs, expected) => {
  expect(await workspaceOf(at(path), ground(inputs))).toEqual({ kind: 'inplace', path: join(folder, expected) });
});

test.each<[string, JsonObject, string]>([
  ['sites/{{ inputs.site }}', { site: '../..' }, 'INPUT_INVALID'],
  ['sites/{{ inputs.site }}', { site: '../sites-of-others' }, 'INPUT_INVALID'],
  ['sites/{{ inputs.site }}', { site: 'gone' }, 'USAGE'],
  ['{{ inputs.site }}', { site: ['shop'] }, 'PLAN_EXPRESSION'],
  ['{{ inputs.site }}', { site: 'a\0b' }, 'PLAN_EXPRESSION'],
])('%s with %j is refused', async (path, inputs, code) => {
  await expect(workspaceOf(at(path), ground(inputs))).rejects.toMatchObject({ code });
});

test('a plan that came from no folder works in none that it does not name', async () => {
  const nowhere = { ...ground({}), folder: undefined };
  await expect(workspaceOf(at('.'), nowhere)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(workspaceOf({ steps: [], workspace: { kind: 'inplace' } }, nowhere)).rejects.toMatchObject({
    code: 'USAGE',
  });
  expect(await workspaceOf(at(folder), nowhere)).toEqual({ kind: 'inplace', path: folder });
});

test('other inputs lead a run that is started again elsewhere only where that is certain', async () => {
  const workspace = { kind: 'inplace' as const, path: join(folder, 'sites/shop') };
  const again = (path: string, before: JsonObject, now: JsonObject) =>
    movedWorkspace(at(path), { workspace, inputs: before }, ground(now));
  expect(await again('sites/{{ inputs.site }}', { site: 'shop' }, { site: 'shop', n: 1 })).toEqual(workspace);
  const other = join(folder, 'sites/blog');
  expect(await again('{{ inputs.site }}', { site: workspace.path }, { site: other })).toMatchObject({ path: other });
  await expect(again('sites/{{ inputs.site }}', { site: 'shop' }, { site: 'blog' })).rejects.toMatchObject({
    code: 'USAGE',
  });
});
