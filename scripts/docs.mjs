// Writes docs/errors.md from the error catalogue, docs/openapi.json from the registry and the types of the web's client from
// that; `--check` only says whether they are current.
import './node-floor.mjs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { clientTypes } from './client.mjs';
import { Refusal, root, runAsMain, say } from './run.mjs';

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
\`{"error": {"code", "message", "mend"}}\`. Exit codes: 0 succeeded · 1 failed, rolled back or cancelled · 2 refused (bad plan, input,
usage) · 3 parked, waiting for someone · 4 denied · 130 left by Ctrl-C while the run goes on elsewhere.

This page is made from \`src/kit/errors.ts\` by \`npm run docs\`.

| code | what | mend | HTTP | exit |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** @param {object} document @returns {string} the file, as it is kept */
export const openApiFile = (document) => `${JSON.stringify(document, null, 2)}\n`;

/** @param {string} module below dist @returns {Promise<any>} */
const built = (module) => import(pathToFileURL(join(root, 'dist', module)).href);

/** @param {string} path below the checkout @param {string} wanted @param {string} from what it is made from */
async function keep(path, wanted, from) {
  const found = await readFile(join(root, path), 'utf8').catch(() => '');
  if (wanted === found) return;
  if (process.argv.includes('--check')) throw new Refusal(`${path} is not what ${from} says: run \`npm run docs\`.`);
  await writeFile(join(root, path), wanted);
  say(`written: ${path}`);
}

await runAsMain(import.meta, async () => {
  await build();
  const { CATALOGUE } = await built('kit/errors.js');
  const { openApiDocument } = await built('server/openapi.js');
  const { VERSION } = await built('operations/version.js');
  await keep('docs/errors.md', errorsPage(CATALOGUE), 'src/kit/errors.ts');
  const document = openApiDocument(VERSION);
  await keep('docs/openapi.json', openApiFile(document), 'src/server/openapi.ts');
  await keep('web/api/schema.ts', await clientTypes(document), 'docs/openapi.json');
});
