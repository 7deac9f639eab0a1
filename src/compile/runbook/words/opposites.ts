import type { Command } from '../../shell/facts.js';
import { plainWords } from '../../shell/judge/shapes.js';

/** Commands that take each other back. `services` are started and stopped again and again, `things` are made and removed. */
export type Opposites = 'all' | 'services' | 'things';

/** First those of services. */
const OPPOSITES: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:start|up|restart)$/, /^(?:stop|down|kill)$/],
  [/^enable$/, /^disable$/],
  [/^(?:install|add|i)$/, /^(?:uninstall|remove|rm|purge)$/],
  [/^(?:create|apply|new)$/, /^(?:delete|destroy|rm|remove)$/],
  [/^(?:mount|attach)$/, /^(?:umount|unmount|detach)$/],
  [/^(?:drain|cordon)$/, /^uncordon$/],
  [/^upgrade$/, /^(?:downgrade|rollback)$/],
  [/^migrate$/, /^(?:rollback|reset)$/],
];

const THINGS: typeof OPPOSITES = [
  [/^(?:install|add|i)$/, /^(?:uninstall|remove|rm|purge)$/],
  [/^(?:create|apply|new|up)$/, /^(?:delete|destroy|rm|remove|down)$/],
];

const KINDS = { all: OPPOSITES, services: OPPOSITES.slice(0, 2), things: THINGS };

/** Whether a command takes back what one before it did: the same words, but for the verb. */
export function takesBack(later: Command | undefined, earlier: Command, kind: Opposites): boolean {
  if (later === undefined || later.program !== earlier.program || later.program === '') return false;
  const [before, after] = [plainWords(earlier), plainWords(later)];
  const at = before.findIndex((word, i) => word !== after[i]);
  const [did, undid] = [before[at] ?? '', after[at] ?? ''];
  // What follows the verbs is what they are done to.
  const same = before[at + 1] === undefined || after[at + 1] === undefined || before[at + 1] === after[at + 1];
  return at >= 0 && same && KINDS[kind].some(([does, undoes]) => does.test(did) && undoes.test(undid));
}
