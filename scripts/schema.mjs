// `node scripts/schema.mjs`: writes src/db/schema.sql anew after a migration was added. The test that compares the file
// with the migrations does the work, so that both always agree on how.
import './node-floor.mjs';
import { spawnSync } from 'node:child_process';
import { root } from './run.mjs';

const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/e2e/schema.test.ts'], {
  cwd: root,
  env: { ...process.env, OPSROOM_UPDATE_SCHEMA: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
