import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallContext } from '#ir/calls.js';
import { libraryAddon } from '../../../test/fixtures/library-addon.js';
import { verifies } from '../../../test/harness/requirements.js';
import { odooTool } from './tool.js';

const SECRET = 'hush-hush-hush';
let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'opsroom-odoo-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

/** The members of a call that the tool reads. */
const context = () => ({ workspace, holdsSecret: (text: string) => text.includes(SECRET) }) as CallContext;

test(verifies('KEEP-03', 'an addon that a secret would stand in is not written'), async () => {
  const given = { ...libraryAddon('library'), author: `Ada ${SECRET}` };
  const result = await odooTool().run('addon', given, context());
  expect(result).toMatchObject({ ok: false, error: { code: 'OUTPUT_REFUSED' } });
  expect(JSON.stringify(result)).not.toContain(SECRET);
  expect(existsSync(join(workspace, 'addons'))).toBe(false);
});

test('one without is', async () => {
  const result = await odooTool().run('addon', libraryAddon('library'), context());
  expect(result).toMatchObject({ ok: true, output: { changed: true } });
  const { path } = result.output as { path: string };
  expect(readFileSync(join(workspace, path, '__manifest__.py'), 'utf8')).toContain('19.0.');
});
