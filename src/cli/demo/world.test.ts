import { expect, test } from 'vitest';
import { readWorld, wrongSteps } from './world.js';

test('an effect that was made twice, or never, is found', () => {
  const world = readWorld('r:build:-1:0\nr:migrate:-1:0\nr:migrate:-1:0\n', 'build\nmigrate\nmigrate\nrelease\n');
  expect(Object.fromEntries(world.begun)).toEqual({ build: 1, migrate: 2, release: 1 });
  expect(wrongSteps(world, ['build', 'migrate', 'release'])).toEqual(['migrate', 'release']);
  expect(wrongSteps(world, ['build'])).toEqual([]);
});
