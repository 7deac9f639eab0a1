import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { findings, trackedTexts } from './sources.js';

/** Joined here, so that this file does not hold what it looks for. */
const FORBIDDEN = [
  {
    name: 'the address of a package registry',
    words: [['registry', 'npmjs', 'org'].join('.'), ['deb', 'debian', 'org'].join('.')],
  },
  {
    name: 'a path of the machine it was written on',
    words: ['main', 'shared'].map((folder) => ['', 'work', folder].join('/')),
  },
];

/** The registry that npm runs this test with, wherever it is, and the home folder of whoever does. */
function localWords(): string[] {
  const registry = process.env['npm_config_registry'];
  const home = homedir();
  const host = registry ? [new URL(registry).host] : [];
  return home.split('/').length > 2 ? [...host, `${home}/`] : host;
}

test.each([...FORBIDDEN, { name: 'what belongs to this machine', words: localWords() }])(
  'no tracked file holds $name',
  ({ words }) => {
    const texts = trackedTexts();
    expect(texts.length).toBeGreaterThan(10);
    const patterns = words.map((word) => new RegExp(word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)));
    expect(texts.flatMap((source) => patterns.flatMap((pattern) => findings(source, pattern)))).toEqual([]);
  },
);
