// `npm run requirements [-- --json]`: which rows of docs/requirements.json the tests prove, by their latest results.
import './node-floor.mjs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Refusal, root, runAsMain } from './run.mjs';

/**
 * @typedef {{id: string, section: string, requirement: string, from: string}} Row
 * @typedef {{title: string, state: 'passed' | 'failed' | 'skipped', ids: string[]}} Result
 * @typedef {'proven' | 'unproven' | 'unknown' | 'uncited'} Standing
 * @typedef {{id: string, standing: Standing, requirement: string, tests: number, why?: string}} Line
 */

/**
 * The ids that a test file cites, whether or not it was run.
 * @param {string} source
 * @returns {string[]}
 */
export function citations(source) {
  return [...source.matchAll(/\bverifies\(\s*['"`]([A-Z]+-\d+)['"`]/g)].flatMap((match) => match[1] ?? []);
}

/**
 * Judges each row: proven when a test cites it and every test that cites it passed; unproven when cited otherwise.
 * An id that is cited and is no row is unknown.
 * @param {Row[]} rows
 * @param {Record<string, string[]>} cited test file → ids in its text
 * @param {Record<string, Result[]>} results test file → its latest results
 * @returns {Line[]}
 */
export function judge(rows, cited, results) {
  const known = new Map(rows.map((row) => [row.id, row.requirement]));
  const strays = [...new Set(Object.values(cited).flat())].filter((id) => !known.has(id));
  return [...known.keys(), ...strays].map((id) => {
    const files = Object.keys(cited).filter((file) => cited[file]?.includes(id));
    const tests = files.flatMap((file) => (results[file] ?? []).filter((result) => result.ids.includes(id)));
    const line = { id, requirement: known.get(id) ?? '', tests: tests.length };
    if (!known.has(id)) return { ...line, standing: 'unknown', why: `cited in ${files.join(', ')}` };
    if (files.length === 0) return { ...line, standing: 'uncited' };
    const notRun = files.find((file) => !results[file]?.some((result) => result.ids.includes(id)));
    if (notRun) return { ...line, standing: 'unproven', why: `not run since it was cited: ${notRun}` };
    const red = tests.find((test) => test.state !== 'passed');
    return red ? { ...line, standing: 'unproven', why: `${red.state}: ${red.title}` } : { ...line, standing: 'proven' };
  });
}

/**
 * @returns {Promise<Record<string, string[]>>}
 */
async function citationsInTests() {
  const folders = await Promise.all(
    ['src', 'test'].map((folder) => readdir(join(root, folder), { recursive: true, withFileTypes: true })),
  );
  const files = folders.flat().filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'));
  const pairs = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), citations(await readFile(path, 'utf8'))];
    }),
  );
  return Object.fromEntries(pairs);
}

/**
 * @param {string} path below the checkout
 * @param {unknown} otherwise when it does not exist
 */
async function readJson(path, otherwise) {
  try {
    return JSON.parse(await readFile(join(root, path), 'utf8'));
  } catch (error) {
    if (otherwise !== undefined) return otherwise;
    throw new Refusal(`${path} cannot be read: ${String(error)}`);
  }
}

/** @param {Line[]} lines */
function asText(lines) {
  const marks = { proven: '✓', unproven: '✗', unknown: '?', uncited: '·' };
  const shown = lines.map(({ id, standing, requirement, why }) => {
    const title = requirement.length > 90 ? `${requirement.slice(0, 89)}…` : requirement;
    return `${marks[standing]} ${id.padEnd(11)} ${why ?? title}`;
  });
  const proven = lines.filter((line) => line.standing === 'proven').length;
  return `${shown.join('\n')}\n\n${proven} of ${lines.length} rows proven (✓ proven · ✗ cited, unproven · ? no such row · · not cited yet)\n`;
}

await runAsMain(import.meta, async () => {
  const rows = await readJson('docs/requirements.json', undefined);
  const results = await readJson('node_modules/.cache/opsroom/requirements.json', {});
  const lines = judge(rows, await citationsInTests(), results);
  process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(lines, null, 2)}\n` : asText(lines));
  if (lines.some((line) => line.standing === 'unproven' || line.standing === 'unknown')) process.exitCode = 1;
});
