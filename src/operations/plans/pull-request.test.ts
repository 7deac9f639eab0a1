import { expect, test } from 'vitest';
import { pullRequestOf } from './bundle-files.js';

test.each([
  ['shop', undefined, '--pull-request: a repository is written owner/name'],
  [undefined, 'https://ghe.example', '--github-url is given without --pull-request'],
  ['o/r', 'http://ghe.example', '--github-url: a server is written https://HOST/api/v3'],
  ['o/r', 'https://ghe.example/', '--github-url: a server is written https://HOST/api/v3'],
  ['o/r', 'https://a@ghe.example', '--github-url: a server is written https://HOST/api/v3'],
  ['o/r', 'https://ghe.example/{{secrets.OTHER}}', '--github-url: a server is written https://HOST/api/v3'],
  ['o/r', 'https://ghe.example/a b', '--github-url: a server is written https://HOST/api/v3'],
])('%s at %s is refused: %s', (repo, githubUrl, what) => {
  expect(() => pullRequestOf(repo, githubUrl)).toThrow(what);
});

test("a server of one's own, or of this machine", () => {
  expect(pullRequestOf('o/r', 'https://ghe.example/api/v3')).toEqual({
    repo: 'o/r',
    githubUrl: 'https://ghe.example/api/v3',
  });
  expect(pullRequestOf('o/r', 'http://127.0.0.1:8080')).toBeDefined();
  expect(pullRequestOf(undefined, undefined)).toBeUndefined();
});
