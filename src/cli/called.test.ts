import { expect, test } from 'vitest';
import { asTyped, calledAs } from './called.js';

test.each([
  ['/usr/local/bin/opsroom', 'opsroom'],
  ['/home/ada/shop/node_modules/.bin/opsroom', 'npx opsroom'],
  ['/home/ada/opsroom/bin/opsroom.mjs', 'npx opsroom'],
  ['/home/ada/opsroom/scripts/start.mjs', 'npx opsroom'],
  [undefined, 'npx opsroom'],
])('%s is typed as %s', (script, typed) => {
  expect(calledAs(script)).toBe(typed);
});

test('commands within sentences begin as they are typed; the product in a sentence stays what it is', () => {
  const typed = (text: string) => asTyped(text, 'npx opsroom');
  expect(typed('Stop it with `opsroom stop`; anybody can: opsroom verify FILE')).toBe(
    'Stop it with `npx opsroom stop`; anybody can: npx opsroom verify FILE',
  );
  expect(typed('Start it: `npx opsroom start`. This opsroom is old.')).toBe(
    'Start it: `npx opsroom start`. This opsroom is old.',
  );
  expect(asTyped('See `opsroom help`.', 'opsroom')).toBe('See `opsroom help`.');
});
