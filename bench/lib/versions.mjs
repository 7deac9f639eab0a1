import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { ROOT } from './product.mjs';

const PEERS = ['@dbos-inc/dbos-sdk', 'graphile-worker', '@restatedev/restate-sdk', '@restatedev/restate-server'];

/** What is measured: the commit of the checkout, and the version of each peer that is installed. */
export async function versions() {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const found = await Promise.all(PEERS.map(async (name) => [name, await versionOf(name)]));
  return { opsroom: commit, ...Object.fromEntries(found.filter(([, version]) => version !== undefined)) };
}

const versionOf = (name) =>
  readFile(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8').then(
    (text) => JSON.parse(text).version,
    () => undefined,
  );
