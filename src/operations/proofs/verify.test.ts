import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ATTACKER, INSTALLATION } from '../../../test/vectors/sample.js';
import { verifyProofs } from './verify.js';

const bundle = readFileSync(new URL('../../../test/vectors/deploy.json', import.meta.url));
const [own, foreign] = [INSTALLATION.publicKeyPem, ATTACKER.publicKeyPem];

test.each([
  ['no key pins it', [], true, 'enclosed'],
  ['its own key', [own], true, 'pinned'],
  ['its own among those of other hosts', [foreign, own], true, 'pinned'],
  ['only those of others', [foreign, foreign], false, undefined],
])('a bundle with %s', (_, keys, ok, trust) => {
  const report = verifyProofs(bundle, keys);
  expect([report.ok, report.ok ? report.key?.trust : undefined]).toEqual([ok, trust]);
});
