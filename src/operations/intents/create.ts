import { operation } from '../operation.js';
import { idempotencyKey } from '../runs/once.js';
import { intentAsked } from './asked.js';
import { proposedOnce } from './once.js';
import { prepareIntent } from './prepare.js';
import { propose } from './propose.js';
import { lookAgain } from './shown.js';
import { intentView } from './view.js';

export const createIntent = operation({
  name: 'intents.create',
  summary:
    'Ask for a run. Policy says whether it may start at once, never, or once those who are named have agreed; it then waits for them.',
  permission: 'intent:propose',
  changes: true,
  consequential: true,
  input: intentAsked.extend({ idempotencyKey: idempotencyKey('intent') }),
  output: intentView,
  run: async ({ idempotencyKey: key, ...asked }, room) => {
    const { intent, reason, target } = asked;
    const claimed = target === undefined ? {} : { target };
    const id = await proposedOnce(room, key, asked, async (chosen) =>
      propose(room, await prepareIntent(asked, room), { intent, reason, claimed }, chosen),
    );
    return lookAgain(room, id);
  },
});
