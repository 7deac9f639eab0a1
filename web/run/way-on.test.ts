import { expect, test } from 'vitest';
import { wayOn } from './way-on.js';

test('a wait that the page has a button for is told by the button, with the command that does the same', () => {
  expect(wayOn('UNKNOWN', 'Look, then say: `opsroom resolve RUN a --as done --reason TEXT`.', false)).toBe(
    'Look what happened, then press “Say how it ended” beside the step. On a command line: `opsroom resolve RUN a --as done --reason TEXT`.',
  );
  expect(wayOn('PAUSED', 'Go on.', false)).toBe('Press “Resume” above.');
  expect(wayOn('LANE_FULL', 'Wait.', false)).toBe('Wait.');
});

test('of a failure the room’s own mend is told, and the button once there is one', () => {
  const mend = 'End it, or let the step use another port.';
  expect(wayOn('STEP_FAILED', mend, false)).toBe(mend);
  expect(wayOn('STEP_FAILED', mend, true)).toBe(`${mend} When the cause is mended, press “Re-run what was not done”.`);
  expect(wayOn('STEP_FAILED', mend, true, 'make/undo')).toBe(mend);
  expect(wayOn('STEP_FAILED', '', true)).toBe('When the cause is mended, press “Re-run what was not done”.');
});

test('what a command would show is told by where it stands on the page', () => {
  expect(wayOn('VERIFIER_FAILED', 'See its evidence with `opsroom proofs RUN`.', true)).toBe(
    'What was checked stands under “Verdicts” beside the step. When the cause is mended, press “Re-run what was not done”.',
  );
  expect(wayOn('STEP_FAILED', 'See its log with `opsroom logs RUN --step STEP`.', false)).toBe(
    'Its log stands under “Logs” beside the step.',
  );
  const more = 'Give it a name. See its log with `opsroom logs RUN`.';
  expect(wayOn('STEP_FAILED', more, false)).toBe(more);
});
