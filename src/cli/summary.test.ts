import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { RunView } from '#operations/runs/get.js';
import { openOutput } from './output.js';
import { printRun, runResult } from './summary.js';

const notDone = Array.from({ length: 300 }, (_, n) => `s${n}`);
const run = {
  runId: '0199-1',
  shortId: '1',
  title: 'Restart the shop',
  status: 'succeeded',
  word: null,
  lane: 'A',
  requestedBy: 'person:ada@ops.example',
  createdAt: '2026-11-21T10:00:00.000Z',
  approvals: [],
  notUndone: [],
  declined: [{ step: 'go-on', by: 'person:ada@ops.example', reason: 'the count is zero', notDone }],
  steps: [],
  progress: { done: 1, total: 301 },
} as unknown as RunView;

test('of very many steps that a no left out some are named and the others counted; programs are told all', () => {
  const told = new PassThrough();
  printRun(run, openOutput(told, new PassThrough(), false));
  const text = String(told.read());
  expect(text).toContain('s18, s19 and 280 more (person:ada@ops.example said no at go-on: the count is zero)');
  expect(text).not.toContain('s20');
  expect(runResult(run)).toMatchObject({ declined: [{ notDone }] });
});

test('what a run asks beside what goes on is told, with the way on', () => {
  const told = new PassThrough();
  const asks = { code: 'UNKNOWN', what: 'Nobody knows how far step copy came.', mend: 'Look, then say.', step: 'copy' };
  printRun({ ...run, status: 'running', asks: { ...asks, item: -1 } }, openOutput(told, new PassThrough(), false));
  const text = String(told.read());
  expect(text).toMatch(/^Restart the shop {2}running, asks a person /);
  expect(text).toContain('asks a person: Nobody knows how far step copy came.\n  Look, then say.\n');
});
