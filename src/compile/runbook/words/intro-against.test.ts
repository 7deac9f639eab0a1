import { expect, test } from 'vitest';
import { saysDoNot } from './intro-against.js';

test.each([
  ['Old way, do not use:', 'make old'],
  ['Whatever you do, never run', 'make all'],
  ['Do not use --force. We are limited to five a week:', 'make renew OPTIONS=--force'],
])('says that it is not to be done: %s', (intro, script) => {
  expect(saysDoNot(intro, script)).toBe(true);
});

test.each([
  ['Do not forget --namespace:', 'kubectl apply -f a.yaml --namespace prod'],
  ['Never run it without --limit. Restart the node:', 'ansible-playbook site.yml --limit node1'],
  ['If the queue is not empty, do not run this:', 'make drain'],
  ['Start the import; do not run it twice:', 'make import'],
  ['Restart the service, do not do this twice.', 'make restart'],
  ['Do not interrupt the migration.', 'make apply'],
  ['Never skip this step.', 'make check'],
])('says how or when it is done: %s', (intro, script) => {
  expect(saysDoNot(intro, script)).toBe(false);
});
