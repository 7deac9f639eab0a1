import './node-floor.mjs';
import { readFileSync } from 'node:fs';
import { lstat, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal, root, run, runAsMain, say } from './run.mjs';

/**
 * What npm writes about one package, in package-lock.json and in node_modules/.package-lock.json alike.
 * @typedef {{version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean}} Locked
 * @typedef {{packages: Record<string, Locked>}} Lock
 */

/**
 * The packages that the lock asks for and node_modules lacks or holds in another version. npm writes its own record when
 * an installation is complete, so an interrupted one counts as missing. Optional packages belong to other platforms.
 * @param {Lock} lock package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json
 * @returns {string[]} their places, `node_modules/pg`
 */
export function missingPackages(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([place]) => place !== '')
    .filter(([place, wanted]) => {
      const found = installed?.packages[place];
      if (!found) return !(wanted.optional || wanted.devOptional);
      return found.version !== wanted.version || found.integrity !== wanted.integrity;
    })
    .map(([place]) => place);
}

/**
 * Makes node_modules what package-lock.json says; does nothing when it is. Development packages are included, because a
 * checkout is built with TypeScript, whatever NODE_ENV says.
 * @throws {Refusal} when npm fails
 */
export async function bootstrap() {
  const missing = missingPackages(
    readLock('package-lock.json') ?? { packages: {} },
    readLock('node_modules/.package-lock.json'),
  );
  if (missing.length > 0) {
    say(`opsroom: installing packages (${missing.length} missing or out of date) …`);
    await install();
  }
  await linkOwnCommand();
}

/**
 * @param {string} path
 * @returns {Lock | undefined}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Not `npm ci`: that refuses a lock without the binaries of platforms which the registry it was made from does not carry.
 * With --no-save npm follows the lock and leaves it as it is.
 */
async function install() {
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'];
  // npm_execpath is the npm that runs us: the same one, even where PATH has another or none.
  const npm = process.env['npm_execpath'];
  const { code } = npm?.endsWith('.js') ? await run(process.execPath, [npm, ...args]) : await run('npm', args);
  if (code !== 0) {
    throw new Refusal(
      `opsroom: \`npm ${args.join(' ')}\` ended with code ${code}; its words are above.\n` +
        'Check the network, the proxy and `npm config get registry`, then run the command again.',
    );
  }
}

/** npm links the commands of dependencies, not a package's own: without this, npx would fetch its cache first. */
async function linkOwnCommand() {
  const folder = join(root, 'node_modules/.bin');
  const link = join(folder, 'opsroom');
  const present = await lstat(link).then(
    () => true,
    () => false,
  );
  if (present) return;
  await mkdir(folder, { recursive: true });
  await symlink('../../bin/opsroom.mjs', link);
}

await runAsMain(import.meta, bootstrap);
