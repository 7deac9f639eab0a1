import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { DryRunView } from '#operations/plans/dry-run.js';
import { argument, printDryRun } from './dry-run.js';
import { openOutput } from './output.js';

test('a script keeps its lines; everything else stands on one', () => {
  expect(argument('run', 'cd /srv\n\u001B[2Jmake a\n')).toBe('  run:\n    cd /srv\n    make a');
  expect(argument('run', 'make a\n')).toBe('  run: make a');
  expect(argument('args', ['a\nb'])).toBe('  args: ["a\\nb"]');
});

test('what is missing and how to get it are two sentences', () => {
  const lacks = (missing: string) => ({ id: 'command:age', ok: false, missing, mend: 'Install age.' });
  const preconditions = [lacks('The program age is not installed'), lacks('Nobody has looked.')];
  const step = { id: 'seal', tool: 'shell', action: null, items: null, starts: true, args: {}, preconditions };
  const view = { title: 'Seal', planDigest: '', workspace: '/srv', inputs: {}, ready: false };
  const steps = [{ ...step, verifiers: [], rollback: [] }];
  const told = new PassThrough();
  printDryRun({ ...view, steps } as unknown as DryRunView, openOutput(told, new PassThrough(), false));
  const text = String(told.read());
  expect(text).toContain('The program age is not installed. Install age.\n');
  expect(text).toContain('Nobody has looked. Install age.\n');
});
