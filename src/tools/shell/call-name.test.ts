import { expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { callName } from './call-name.js';

test.each<[JsonObject, string | undefined]>([
  [{ argv: ['git', 'status'] }, 'shell:git'],
  [{ argv: ['git'], env: { GIT_DIR: 'x', MY_PATH: 'x' } }, 'shell:git'],
  [{ argv: ['git'], env: '{{ inputs.env }}' }, 'shell:git'],
  [{ run: 'git status' }, undefined],
  [{ argv: '{{ inputs.argv }}' }, undefined],
  [{ argv: ['./ls', '-c', 'id'] }, undefined],
  [{ argv: ['/usr/bin/git'] }, undefined],
  [{ argv: ['../git'] }, undefined],
  ...[
    'PYTHONPATH',
    'PERL5OPT',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_COUNT',
    'PATH',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'NODE_OPTIONS',
    'BASH_ENV',
    'ENV',
  ].map((name): [JsonObject, undefined] => [{ argv: ['git'], env: { [name]: '.' } }, undefined]),
])('%j is called %s', (args, name) => {
  expect(callName(args)).toBe(name);
});
