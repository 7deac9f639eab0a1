import { expect, test } from 'vitest';
import { RepositoryNews } from '#integrations/github/news.js';
import { namesEffect } from '#ir/expressions.js';
import type { JsonObject } from '#ir/json.js';
import type { Verifier } from '#ir/plan.js';
import { githubGates } from '#operations/github.js';
import { verifierKinds } from './kinds.js';

const kinds = verifierKinds({ gates: githubGates(new RepositoryNews()) });
const RUN = '{{ run.id }}';

/** What goes into a look may be ignored by it; what the answer is compared with may not. */
test.each<[Verifier['kind'], JsonObject, boolean]>([
  ['shell', { run: 'true', env: { RUN } }, false],
  ['shell', { argv: ['true', RUN] }, false],
  ['shell', { run: 'cat made', stdoutContains: RUN }, true],
  ['custom', { argv: ['judge'], config: { run: RUN } }, false],
  ['sql', { query: 'select 1', params: [RUN], expect: { value: 1 } }, false],
  ['sql', { query: 'select run from releases', expect: { value: RUN } }, true],
  ['file', { path: `made-${RUN}` }, false],
  ['file', { path: 'made', contains: RUN }, true],
  ['ci_gate', { repo: 'a/b', workflow: 'ci.yml', ref: RUN, token: 'x' }, false],
  ['ci_gate', { repo: 'a/b', workflow: 'ci.yml', sha: '{{ output.sha }}', token: 'x' }, true],
  ['http', { url: `http://x/${RUN}`, headers: { run: RUN }, body: RUN }, false],
  ['http', { url: 'http://x/', json: { run: RUN } }, true],
  ['http', { url: 'http://x/', bodyContains: RUN }, true],
])('%s with %j names the effect: %s', (kind, config, expected) => {
  const contract = kinds.get(kind)?.contract ?? { expectation: [] };
  expect(namesEffect({ config }, contract)).toBe(expected);
});
