import { expect, test } from 'vitest';
import type { Command } from '../ui/commands.js';
import { meaningOf } from './keys.js';

const command = (id: string, keys: string, why?: string): Command => ({
  id,
  text: id,
  group: 'test',
  keys,
  why,
  run: () => undefined,
});
const commands = [command('pause', 'p'), command('runs', 'g r'), command('cancel', 'c', 'The run has ended.')];

test('a key is a command, the first half of one, or nothing', () => {
  expect(meaningOf('p', undefined, commands)).toEqual({ command: commands[0] });
  expect(meaningOf('g', undefined, commands)).toEqual({ begun: 'g' });
  expect(meaningOf('r', 'g', commands)).toEqual({ command: commands[1] });
  expect(meaningOf('r', undefined, commands)).toBeUndefined();
  expect(meaningOf('p', 'g', commands)).toBeUndefined();
});

test('what cannot be done now has no key', () => {
  expect(meaningOf('c', undefined, commands)).toBeUndefined();
});
