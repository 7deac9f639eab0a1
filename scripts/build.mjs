import './node-floor.mjs';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Refusal, root, run, runAsMain, say } from './run.mjs';

const src = join(root, 'src');
const dist = join(root, 'dist');
const stamp = join(dist, '.opsroom-build');
const web = join(root, 'web');
const webStamp = join(dist, '.opsroom-build-web');
const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** Files that the program reads at run time, beside the compiled code that reads them. */
const isData = (/** @type {string} */ path) => /\.(sql|sh)$/.test(path);

/** What tsconfig.build.json leaves out. */
const isUnbuilt = (/** @type {string} */ path) => /\.(test|pin)\.ts$/.test(path);

/**
 * Makes the program and the web app in dist; does nothing when neither the sources nor the settings changed.
 * @throws {Refusal} when the code does not compile
 */
export async function build() {
  await buildProgram();
  await buildWeb();
}

/** Compiles src and copies its data files. */
async function buildProgram() {
  const sources = await filesUnder(src);
  const digest = await digestOf([...settings.map((name) => join(root, name)), ...sources]);
  const built = await readFile(stamp, 'utf8').catch(() => '');
  const whole = sources.every((path) => isUnbuilt(path) || existsSync(builtFrom(path)));
  if (built === digest && whole) return;

  say('opsroom: building …');
  // The compiler writes only what its notes say has changed: where a build was cut short, or two ran at once, the notes are wrong.
  if (!whole) await rm(join(dist, '.tsbuildinfo'), { force: true });
  const { code, output } = await run(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    {
      quiet: true,
    },
  );
  if (code !== 0) throw new Refusal(`${output}opsroom: the sources do not compile.`);
  await Promise.all(sources.filter(isData).map(copyToDist));
  await removeOrphans(sources);
  await writeFile(stamp, digest);
}

/** Bundles web; what it shares with the program is `src/ir` and `src/kit`. */
async function buildWeb() {
  const shared = await Promise.all([web, join(src, 'ir'), join(src, 'kit')].map(filesUnder));
  const config = ['package-lock.json', 'vite.config.ts'].map((name) => join(root, name));
  const digest = await digestOf([...config, ...shared.flat()]);
  if ((await readFile(webStamp, 'utf8').catch(() => '')) === digest && existsSync(join(dist, 'web/index.html'))) return;

  const { code, output } = await run(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    {
      quiet: true,
    },
  );
  if (code !== 0) throw new Refusal(`${output}opsroom: the web app does not build.`);
  await writeFile(webStamp, digest);
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>} absolute paths, sorted
 */
async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Contents, not times: a checkout of another commit and back must not rebuild, a restored older file must.
 * @param {string[]} paths
 */
async function digestOf(paths) {
  const hash = createHash('sha256');
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  contents.forEach((content, place) =>
    hash.update(`${relative(root, paths[place] ?? '')}\0${content.length}\0`).update(content),
  );
  return hash.digest('hex');
}

/**
 * @param {string} path below src
 * @returns {string} where the build puts it
 */
function builtFrom(path) {
  const target = join(dist, relative(src, path));
  return isData(path) ? target : target.replace(/\.ts$/, '.js');
}

/** @param {string} path below src */
async function copyToDist(path) {
  await mkdir(dirname(builtFrom(path)), { recursive: true });
  await copyFile(path, builtFrom(path));
}

/**
 * What an earlier build left of a source that is gone would still be found by an import, and be packed.
 * @param {string[]} sources
 */
async function removeOrphans(sources) {
  const expected = new Set(sources.map((path) => relative(src, path).replace(/\.ts$/, '')));
  const orphans = (await filesUnder(dist)).filter((path) => {
    const name = relative(dist, path);
    return (
      !name.startsWith('.') &&
      !name.startsWith('web/') &&
      !expected.has(isData(name) ? name : name.replace(/\.(d\.ts|js|js\.map)$/, ''))
    );
  });
  await Promise.all(orphans.map((path) => rm(path)));
}

await runAsMain(import.meta, build);
