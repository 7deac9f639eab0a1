import { expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { firstOpening } from './opening.js';

const OFFICE = 'Mon-Fri 09:00-17:00 Europe/Berlin';
const SATURDAY = new Date('2026-11-21T12:00:00Z');

test(verifies('POLICY-05', 'several windows begin together, or never'), () => {
  expect(firstOpening([], SATURDAY)).toEqual(SATURDAY);
  expect(firstOpening([OFFICE], SATURDAY)).toEqual(new Date('2026-11-23T08:00:00Z'));
  expect(firstOpening([OFFICE, 'Mon-Sun 06:00-10:00 UTC'], SATURDAY)).toEqual(new Date('2026-11-23T08:00:00Z'));
  expect(firstOpening(['Tue 10:00-11:00 UTC', OFFICE], SATURDAY)).toEqual(new Date('2026-11-24T10:00:00Z'));
  expect(firstOpening([OFFICE, 'Sun 10:00-11:00 UTC'], SATURDAY)).toBeUndefined();
});
