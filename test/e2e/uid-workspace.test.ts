import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openFolders } from '#db/place.js';
import { START_MS, TestHome } from '../harness/home.js';
import { notRoot } from '../harness/parts.js';

const home = new TestHome();
afterAll(async () => {
  await home.close();
  for (const folder of openFolders(home.path)) await rm(folder, { recursive: true, force: true });
});

/** Absolute paths, so that every folder above must let the step through. */
const PLAN = `
apiVersion: opsroom/v1
title: Work as another user
workspace: { kind: temp }
steps:
  - id: a
    tool: shell
    sandbox: { level: uid, network: true }
    args:
      run: |
        id -u > "$PWD/made"
        echo "where=$PWD" >> "$OPSROOM_OUTPUT"
        if ls "$DATA" || ls "$PWD/.." || ls "$OTHER"; then exit 9; fi
      env: { DATA: '${home.path}', OTHER: '{{ inputs.other }}' }
    verifiers: [{ id: made, kind: file, config: { path: made, contains: '65531' } }]
inputs: { other: / nowhere }
`;

interface Shown {
  readonly status: string;
  readonly workspace: string;
}

async function run(plan: string, ...args: string[]): Promise<Shown> {
  const file = join(home.path, 'plan.yaml');
  await writeFile(file, plan);
  const { value, stderr } = await home.json('run', file, ...args);
  const { runId } = value as { runId: string };
  const shown = await home.json('show', runId);
  expect(stderr).not.toContain('error');
  return shown.value as Shown;
}

test.skipIf(notRoot('a step of another user'))(
  'a uid step works in a folder of its run’s own, and reaches neither the data directory nor the folders of others',
  { timeout: START_MS },
  async () => {
    const other = await run(PLAN.replaceAll(/ {4}sandbox:.*\n/g, '').replace(/ {8}if ls.*\n/, ''));
    const own = await run(PLAN, '--input', `other=${other.workspace}`);
    expect(own.status).toBe('succeeded');
    expect(await stat(own.workspace)).toMatchObject({ uid: 65531, gid: 65531 });
    expect((await stat(own.workspace)).mode & 0o777).toBe(0o700);
    expect(own.workspace.startsWith(home.path)).toBe(false);
    expect(other.workspace.startsWith(home.path)).toBe(true);
  },
);
