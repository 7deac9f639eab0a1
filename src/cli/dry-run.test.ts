import { expect, test } from 'vitest';
import { argument } from './dry-run.js';

test('a script keeps its lines; everything else stands on one', () => {
  expect(argument('run', 'cd /srv\n\u001B[2Jmake a\n')).toBe('  run:\n    cd /srv\n    make a');
  expect(argument('run', 'make a\n')).toBe('  run: make a');
  expect(argument('args', ['a\nb'])).toBe('  args: ["a\\nb"]');
});
