import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { jsonObject } from '../plans/input.js';
import type { Room } from '../room.js';
import { sayYes } from './agree.js';
import { reasonText } from './asked.js';
import { intentReference, readIntent } from './reference.js';
import { sayNo, takeBack } from './say-no.js';
import { lookAgain } from './shown.js';
import { intentView } from './view.js';

const why = reasonText.min(1);

export const approveIntent = operation({
  name: 'intents.approve',
  summary:
    'Agree to an intent, with a reason. When the last who must agree has, it runs: with exactly the plan, inputs, target and policies that were agreed to.',
  permission: 'approval:give',
  changes: true,
  consequential: true,
  input: z.strictObject({
    intent: intentReference,
    reason: why.describe('Why; it stands in the proof of the run.'),
    form: jsonObject
      .optional()
      .describe('What the policy wants filled in; the plan takes it as inputs of these names.'),
    breakGlass: z
      .boolean()
      .default(false)
      .describe(
        'In an emergency: two different people who say so override windows, roles and numbers. Loud in the audit log.',
      ),
  }),
  output: intentView,
  run: async ({ intent: reference, reason, form, breakGlass }, room) => {
    const intent = await readIntent(room, reference);
    if (breakGlass) requireInRoom(room);
    await sayYes(room, intent, { reason, form, breakGlass });
    return lookAgain(room, intent.id);
  },
});

/** To override every rule is for somebody who sits before the room, not for what holds a key in an editor. */
function requireInRoom({ principal, by }: Room): void {
  if (principal.ide === undefined) return;
  const mend = 'Do it in a browser: the approvals page has it.';
  throw new OpsroomError('DENIED', { what: `${by} breaks no glass from an editor.`, where: 'breakGlass', mend });
}

export const rejectIntent = operation({
  name: 'intents.reject',
  summary: 'Say no to an intent, with a reason. One no ends it.',
  permission: 'approval:give',
  changes: true,
  consequential: true,
  input: z.strictObject({ intent: intentReference, reason: why.describe('Why; whoever asked reads it.') }),
  output: intentView,
  run: async ({ intent: reference, reason }, room) => {
    const intent = await readIntent(room, reference);
    await sayNo(room, intent, reason);
    return lookAgain(room, intent.id);
  },
});

export const withdrawIntent = operation({
  name: 'intents.withdraw',
  summary: 'Take back an intent of your own that has not begun.',
  permission: 'intent:propose',
  changes: true,
  consequential: false,
  input: z.strictObject({ intent: intentReference, reason: reasonText.default('') }),
  output: intentView,
  run: async ({ intent: reference, reason }, room) => {
    const intent = await readIntent(room, reference);
    await takeBack(room, intent, reason);
    return lookAgain(room, intent.id);
  },
});
