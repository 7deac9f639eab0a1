import { expect, test } from 'vitest';
import {
  installedProgram,
  installMend,
  knownPrecondition,
  PRECONDITION_NAMES,
  splitName,
} from './precondition-names.js';

test('every listed name is known', () => {
  expect(PRECONDITION_NAMES.filter((name) => !knownPrecondition(name))).toEqual([]);
  expect(PRECONDITION_NAMES).toEqual(
    expect.arrayContaining([
      'docker_running',
      'github_token_set',
      'node_installed',
      'git_installed',
      'postgres_installed',
    ]),
  );
});

test.each(['env:TOKEN', 'secret:DEPLOY_KEY', 'command:git', 'file:dist/a b.txt', 'url:https://a.example/x'])(
  '%s is known',
  (name) => {
    expect(knownPrecondition(name)).toBe(true);
  },
);

test.each([
  '',
  'docker',
  'env:',
  'env:A B',
  'secret:1',
  'command:a/b',
  'command:-x',
  'url:ftp://a',
  'url:',
  'file:',
  'toString',
  'constructor:x',
  '__proto__',
])('"%s" is not known', (name) => {
  expect(knownPrecondition(name)).toBe(false);
});

test('what a name means', () => {
  expect(splitName('url:http://a:80/')).toEqual({ prefix: 'url', rest: 'http://a:80/' });
  expect(installedProgram('postgres_installed')).toBe('psql');
  expect(installMend('git')).toContain('apt-get install git');
  expect(installMend('frobnicate')).toContain('frobnicate');
});
