import { expect, test } from 'vitest';
import { isSynopsis } from './text.js';

test.each(['web [options] <file>', 'web [-a|--all] start', 'web [--name=NAME] [start|stop]'])(
  'shows how a program is called: %s',
  (script) => expect(isSynopsis(script)).toBe(true),
);

// Looking for the end of each bracket in the rest of the line would keep the compiler busy for a minute.
test.each(['[a| ', '[-a ', '[<a ', '[global '])('a long line of brackets that are never closed is none: %s', (open) => {
  expect(isSynopsis(`web ${open.repeat(200_000 / open.length)}`)).toBe(false);
});
