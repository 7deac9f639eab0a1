// `npm test [-- FILTER…]`: installs, builds, then runs every static check and every test. A filter is the name of a check
// or a path of tests; with filters only those run. The last line is always `N passed, N failed`.
import './node-floor.mjs';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { build } from './build.mjs';
import { Refusal, root, run, say } from './run.mjs';

const code = ['src', 'web', 'test', 'scripts', 'bin'];

/** Static checks: each counts as one test. The longest comes first, as two are at work at a time. */
const checks = {
  types: ['typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'],
  format: ['@biomejs/biome/bin/biome', 'check', ...code],
  lint: ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings', ...code],
  'types-of-web': ['typescript/bin/tsc', '-p', 'web'],
  architecture: ['dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', 'src', 'web'],
  unused: ['knip/bin/knip.js', '--no-progress', '--tsConfig', 'tsconfig.build.json'],
};

/**
 * @typedef {{passed: number, failed: number}} Count
 * @typedef {{title: string, reason: string}} Skipped
 */

/** @param {Count[]} counts */
const sum = (counts) => ({
  passed: counts.reduce((total, count) => total + count.passed, 0),
  failed: counts.reduce((total, count) => total + count.failed, 0),
});

/** Sources that do not compile count as one failure; what does not need them is tried all the same. */
async function runBuild() {
  try {
    await build();
    return { passed: 1, failed: 0 };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    return { passed: 0, failed: 1 };
  }
}

/**
 * @param {string} name
 * @param {string[]} command a program below node_modules, and its arguments
 * @returns {Promise<Count>}
 */
async function runCheck(name, [program = '', ...args]) {
  const started = performance.now();
  const { code, output } = await run(process.execPath, [join('node_modules', program), ...args], { quiet: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (code !== 0) say(output);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {string[]} filters paths of tests; all of them when empty
 * @returns {Promise<Count>}
 */
async function runTests(filters) {
  const result = join(root, 'node_modules/.cache/opsroom/tests.json');
  rmSync(result, { force: true });
  const reporters = ['--reporter=default', '--reporter=./test/harness/reporter.ts'];
  const { code } = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...filters]);
  const summary = readSummary(result);
  for (const { title, reason } of summary.skipped) say(`skipped: ${title}: ${reason}`);
  const failed = summary.failed + summary.broken;
  // Vitest may fail for a reason that is no test's, such as finding none.
  return { passed: summary.passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/**
 * @param {string} path
 * @returns {{passed: number, failed: number, broken: number, skipped: Skipped[]}}
 */
function readSummary(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, broken: 1, skipped: [] };
  }
}

/**
 * @param {string[]} filters
 * @returns {Promise<Count>}
 */
async function runAll(filters) {
  await bootstrap();
  const paths = filters.filter((filter) => !(filter in checks));
  const counts = [await runBuild()];
  const wanted = Object.entries(checks).filter(([name]) => filters.length === 0 || filters.includes(name));
  const takeNext = async () => {
    for (let next = wanted.shift(); next; next = wanted.shift()) counts.push(await runCheck(...next));
  };
  await Promise.all([takeNext(), takeNext()]);
  if (filters.length === 0 || paths.length > 0) counts.push(await runTests(paths));
  return sum(counts);
}

const count = await runAll(process.argv.slice(2)).catch((error) => {
  say(error instanceof Refusal ? error.message : String(error?.stack ?? error));
  return { passed: 0, failed: 1 };
});
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
