import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CallContext, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { openInside, workspaceFolder } from '#sandbox/workspace.js';
import { failed, parseArgs } from '../failure.js';
import { addonFiles } from './addon.js';
import { odooArgsSchema } from './args.js';

/** Writes an addon; see `odooTool`. */
export async function scaffold(raw: JsonObject, context: CallContext): Promise<ToolResult> {
  const { workspace } = context;
  try {
    const { folder, ...addon } = parseArgs(odooArgsSchema, raw);
    const files = addonFiles(addon);
    requireNoSecret(files, context);
    await mkdir(join(workspace, folder), { recursive: true });
    // It may have been a link before; no file goes through one that leads outside.
    const base = await workspaceFolder(workspace, folder);
    const path = `${folder}/${addon.name}`;
    const isNew = await isFree(join(base, addon.name));
    if (isNew) await writeAll(base, addon.name, files);
    else await requireSame(workspace, path, files);
    const sums = [...files].map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')] as const);
    const models = addon.models.map(({ name }) => name);
    return { ok: true, output: { path, models, files: Object.fromEntries(sums), changed: isNew }, isolation: 'none' };
  } catch (error) {
    return failed(error);
  }
}

/** A secret that was given as a title or a label would stay in the folder, where nothing masks it. */
function requireNoSecret(files: ReadonlyMap<string, string>, context: CallContext): void {
  for (const [name, text] of files)
    if (context.holdsSecret(text))
      throw new OpsroomError('OUTPUT_REFUSED', {
        what: `A secret of this room would stand in ${name}: nothing is written`,
      });
}

async function isFree(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) === undefined;
}

/** Under another name first: whoever looks finds a whole addon or none. */
async function writeAll(base: string, name: string, files: ReadonlyMap<string, string>): Promise<void> {
  const beside = join(base, `.${name}.${randomUUID().slice(0, 8)}.part`);
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(beside, path)), { recursive: true });
      await writeFile(join(beside, path), text, { flag: 'wx' });
    }
    await rename(beside, join(base, name));
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** What was made before and is as it was made may stay; what somebody has changed since is not written over. */
async function requireSame(workspace: string, path: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) {
    if ((await textOf(workspace, `${path}/${name}`)) === text) continue;
    throw new OpsroomError('ARGUMENT_INVALID', {
      what: `"${path}" exists and is another addon than this: ${name} differs`,
      mend: 'Name another folder, or move away what is there.',
    });
  }
}

async function textOf(workspace: string, path: string): Promise<string | undefined> {
  const file = await openInside(workspace, path);
  try {
    return await file?.readFile('utf8');
  } finally {
    await file?.close();
  }
}
