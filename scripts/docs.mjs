// Writes docs/errors.md from the error catalogue; `--check` only says whether it is current.
import './node-floor.mjs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { Refusal, root, runAsMain, say } from './run.mjs';

const page = join(root, 'docs/errors.md');

const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|');

/**
 * @param {Record<string, {what: string, mend: string, http: number, exit: number}>} catalogue
 * @returns {string} the page, in Markdown
 */
export function errorsPage(catalogue) {
  const rows = Object.entries(catalogue).map(
    ([code, { what, mend, http, exit }]) => `| \`${code}\` | ${cell(what)} | ${cell(mend)} | ${http} | ${exit} |`,
  );
  return `# Errors

Every error has a code, says what happened and where, and how to mend it. With \`--json\` it is
\`{"code", "message", "mend"}\`. Exit codes: 0 succeeded · 1 failed, rolled back or cancelled · 2 refused (bad plan, input,
usage) · 3 parked, waiting for someone · 4 denied · 130 left by Ctrl-C while the run goes on elsewhere.

This page is made from \`src/kit/errors.ts\` by \`npm run docs\`.

| code | what | mend | HTTP | exit |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

await runAsMain(import.meta, async () => {
  await build();
  const { CATALOGUE } = await import(pathToFileURL(join(root, 'dist/kit/errors.js')).href);
  const wanted = errorsPage(CATALOGUE);
  const found = await readFile(page, 'utf8').catch(() => '');
  if (wanted === found) return;
  if (process.argv.includes('--check'))
    throw new Refusal('docs/errors.md is not what src/kit/errors.ts says: run `npm run docs`.');
  await writeFile(page, wanted);
  say('written: docs/errors.md');
});
