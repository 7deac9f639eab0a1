import { expect, test } from 'vitest';
import { wayOn } from './way-on.js';

test('a wait that the page has a button for is told by the button, with the command that does the same', () => {
  expect(wayOn('MANUAL', 'When it is done: `opsroom confirm RUN look --reason TEXT`.', false)).toBe(
    'When it is done, press “It is done” beside the step. On a command line: `opsroom confirm RUN look --reason TEXT`.',
  );
  expect(wayOn('MANUAL', 'Yes: `opsroom confirm RUN ask-rm --reason TEXT`. No, leave it out: `…`.', false)).toMatch(
    /^Press “Yes, do it” or “No, leave it out” beside the step\. On a command line: `opsroom confirm RUN ask-rm/,
  );
  expect(wayOn('PAUSED', 'Go on.', false)).toBe('Press “Resume” above.');
  expect(wayOn('LANE_FULL', 'Wait.', false)).toBe('Wait.');
});

test('of a failure the room’s own mend is told, and the button once there is one', () => {
  const mend = 'End it, or let the step use another port.';
  expect(wayOn('STEP_FAILED', mend, false)).toBe(mend);
  expect(wayOn('STEP_FAILED', mend, true)).toBe(`${mend} When the cause is mended, press “Re-run what was not done”.`);
  expect(wayOn('STEP_FAILED', '', true)).toBe('When the cause is mended, press “Re-run what was not done”.');
});
