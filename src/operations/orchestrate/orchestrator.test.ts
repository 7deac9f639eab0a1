import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { OrchestratorAtWork } from './orchestrator.js';

const orchestrator = () =>
  new OrchestratorAtWork({ kind: 'plan', source: 'nowhere.yaml', folder: tmpdir(), seen: false });

test('started twice at once, it begins one run: the second is told so', async () => {
  const one = orchestrator();
  const [first, second] = await Promise.allSettled([one.start(), one.start()]);
  expect(first).toMatchObject({ status: 'rejected', reason: { code: expect.not.stringContaining('NOT_ALLOWED_NOW') } });
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'NOT_ALLOWED_NOW' } });
});

test('what could not be started may be tried again', async () => {
  const one = orchestrator();
  const again = async () => (await Promise.allSettled([one.start()]))[0];
  expect(await again()).toEqual(await again());
});
