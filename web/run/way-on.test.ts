import { expect, test } from 'vitest';
import { wayOn } from './way-on.js';

test('a wait that the page has a button for is told by the button, with the command that does the same', () => {
  expect(wayOn('MANUAL', 'When it is done: `opsroom confirm RUN look --reason TEXT`.')).toEqual({
    text: 'When it is done, press “It is done” beside the step.',
    command: 'opsroom confirm RUN look --reason TEXT',
  });
  expect(wayOn('PAUSED', 'Go on.')?.command).toBe('');
  expect(wayOn('LANE_FULL', 'Wait.')).toBeUndefined();
});
