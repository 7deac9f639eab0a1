import { expect, test } from 'vitest';
import { wayOn } from './way-on.js';

const going = { ended: false, asks: false };

test('a wait that the page has a button for is told by the button, with the command that does the same', () => {
  expect(wayOn('MANUAL', 'When it is done: `opsroom confirm RUN look --reason TEXT`.', going)).toBe(
    'When it is done, press “It is done” beside the step. On a command line: `opsroom confirm RUN look --reason TEXT`.',
  );
  expect(wayOn('PAUSED', 'Go on.', going)).toBe('Press “Resume” above.');
  expect(wayOn('LANE_FULL', 'Wait.', going)).toBe('Wait.');
});

test('whether a step asks is known from its plan, not from how the room words it', () => {
  const mend = 'Do it, then `opsroom confirm RUN ask-rm --reason TEXT`.';
  expect(wayOn('MANUAL', mend, { ended: false, asks: true })).toBe(
    'Press “Yes, do it” or “No, leave it out” beside the step. On a command line: `opsroom confirm RUN ask-rm --reason TEXT`.',
  );
  expect(wayOn('MANUAL', `Yes: ${mend}`, going)).toMatch(/^When it is done, press “It is done”/);
  expect(wayOn('MANUAL', mend, { ended: false, asks: undefined })).toBe(mend);
});

test('of a failure the room’s own mend is told, and the button once there is one', () => {
  const mend = 'End it, or let the step use another port.';
  const ended = { ended: true, asks: undefined };
  expect(wayOn('STEP_FAILED', mend, going)).toBe(mend);
  expect(wayOn('STEP_FAILED', mend, ended)).toBe(`${mend} When the cause is mended, press “Re-run what was not done”.`);
  expect(wayOn('STEP_FAILED', '', ended)).toBe('When the cause is mended, press “Re-run what was not done”.');
});
