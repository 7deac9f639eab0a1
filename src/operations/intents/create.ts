import { operation } from '../operation.js';
import { intentAsked } from './asked.js';
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
  input: intentAsked,
  output: intentView,
  run: async (asked, room) => {
    const prepared = await prepareIntent(asked, room);
    const claimed = asked.target === undefined ? {} : { target: asked.target };
    return lookAgain(room, await propose(room, prepared, { intent: asked.intent, reason: asked.reason, claimed }));
  },
});
