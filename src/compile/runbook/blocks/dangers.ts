import type { Command, ShellFacts } from '../../shell/facts.js';
import { type Destructive, isDestructive } from '../../shell/judge/destructive.js';
import { removingWord } from '../../shell/judge/requests.js';
import { destructiveSql } from '../../shell/judge/sql.js';
import type { Decision } from './decision.js';
import { readHttpRequest } from './http-request.js';

interface Danger {
  readonly command: Command;
  readonly danger: Destructive;
}

/** The commands of a script that may destroy something, each with why. Several ask it of one script: rules, inputs, reviews. */
export function dangersOf({ commands }: Pick<ShellFacts, 'commands'>): readonly Danger[] {
  const found = known.get(commands) ?? commands.flatMap((command, at) => dangerIn(command, commands.slice(0, at)));
  known.set(commands, found);
  return found;
}

const known = new WeakMap<readonly Command[], readonly Danger[]>();

function dangerIn(command: Command, before: readonly Command[]): Danger[] {
  const danger = isDestructive(command, before);
  return danger === undefined ? [] : [{ command, danger }];
}

/** Why a person is asked before, every reason once; undefined when there is nothing to ask. */
export function dangerOf(facts: ShellFacts): string | undefined {
  const reasons = dangersOf(facts).map(({ command: { program }, danger }) => {
    const what = program === '' ? 'it' : `\`${program}\``;
    return `${what} ${danger.reason}`;
  });
  return reasons.length === 0 ? undefined : [...new Set(reasons)].join('; ');
}

/** The same of a block in whatever form. */
export function dangerOfBlock({
  form,
  facts,
  script,
}: Pick<Decision, 'form' | 'facts' | 'script'>): string | undefined {
  if (form === 'sql') return destructiveSql(script);
  if (form === 'http') return dangerOfRequest(script);
  return facts === undefined ? undefined : dangerOf(facts);
}

/** Why a person is asked before a request is sent; undefined when there is nothing to ask. */
export function dangerOfRequest(text: string): string | undefined {
  const { method, url } = readHttpRequest(text) ?? {};
  if (method === 'DELETE') return 'it sends a DELETE request';
  const word = typeof url === 'string' ? removingWord([url]) : undefined;
  return word === undefined ? undefined : `it asks a server to ${word.toLowerCase()}`;
}
