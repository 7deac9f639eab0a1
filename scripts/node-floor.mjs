// Imported first by every script: an old Node must be told so before it meets syntax or APIs that it does not know.
// Keep to what Node 14 parses.
import { readFileSync } from 'node:fs';

/**
 * Whether a Node version is older than the floor; compares major, minor and patch as numbers.
 * @param {string} version as in process.versions.node, `20.19.0`
 * @param {string} floor `20.19.0`
 * @returns {boolean}
 */
export function isBelow(version, floor) {
  const have = version.split('.').map(Number);
  const need = floor.split('.').map(Number);
  const differs = need.findIndex((part, place) => part !== (have[place] || 0));
  return differs !== -1 && (have[differs] || 0) < (need[differs] || 0);
}

/** @type {{engines: {node: string}}} */
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const floor = engines.node.replace('>=', '');

if (isBelow(process.versions.node, floor)) {
  process.stderr.write(
    `Opsroom needs Node ${floor} or later; this is Node ${process.versions.node}.\n` +
      `Install a later Node (nodejs.org has it, and so have nvm, fnm and volta), then run the command again.\n`,
  );
  process.exit(2);
}
