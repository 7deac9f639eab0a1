import { expect, test } from 'vitest';
import { fromProject } from './problem.js';

const problem = (what: string) => ({ type: 'x', title: 'x', status: 400, code: 'USAGE', what, mend: '' }) as const;

test.each([
  ['There is no /srv/app/ops.md.', 'There is no ops.md.'],
  ['at "/srv/app/.opsroom/x" (/srv/app/a.yaml:3)', 'at ".opsroom/x" (a.yaml:3)'],
  ['Not below /srv/app: /srv/app/', 'Not below .: .'],
  ['https://shop.test/srv/app/login', 'https://shop.test/srv/app/login'],
  [
    '/home/srv/app/x.yaml, /srv/apple/x.yaml, /srv/app-old/y',
    '/home/srv/app/x.yaml, /srv/apple/x.yaml, /srv/app-old/y',
  ],
])('agents are told files from the project on, and nothing else is changed: %s', (what, told) => {
  expect(fromProject(problem(what), '/srv/app').what).toBe(told);
});

test('a folder with signs of patterns is one like any other', () => {
  expect(fromProject(problem('No /srv/a+b (1)/x.'), '/srv/a+b (1)').what).toBe('No x.');
  expect(fromProject(problem('No /srv/aab 1/x.'), '/srv/a+b (1)').what).toBe('No /srv/aab 1/x.');
});
