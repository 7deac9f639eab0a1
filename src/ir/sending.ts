import { parseExpression, type Reference } from './cel-parse.js';
import type { JsonObject, JsonValue } from './json.js';
import { hasTemplate, parseTemplate } from './template.js';

/** Names of the secrets that expressions in a value read. */
export function secretNames(value: JsonValue | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  note(value, names);
  return names;
}

function note(value: JsonValue | undefined, names: Set<string>): void {
  if (typeof value === 'string') {
    for (const { path } of hasTemplate(value) ? referencesIn(value) : [])
      if (path[0] === 'secrets' && path[1] !== undefined) names.add(path[1]);
  } else if (value !== null && typeof value === 'object') {
    for (const member of Object.values(value)) note(member, names);
  }
}

function referencesIn(text: string): Reference[] {
  return parseTemplate(text).flatMap((part) => (part.type === 'text' ? [] : parseExpression(part.source).references));
}

/**
 * Whether the plan leaves it to others where its call goes: an expression over inputs, outputs, elements or the run stands in the host
 * of one of these members, as they are written. Secrets, and the variables that the room hands out, are the room's own; and what comes
 * behind the host of a url changes nothing about where it goes.
 */
export function isChosenElsewhere(written: JsonObject, members: readonly string[]): boolean {
  return members.some((name) => [written[name]].flat().some((value) => chosenIn(value)));
}

const CHOSEN = '\0';
const OWN: ReadonlySet<string> = new Set(['secrets', 'env']);

function chosenIn(value: JsonValue | undefined): boolean {
  if (typeof value !== 'string' || !hasTemplate(value)) return false;
  const marked = parseTemplate(value).map((part) =>
    part.type === 'text' ? part.text : parseExpression(part.source).references.every(isOwn) ? 'x' : CHOSEN,
  );
  const authority = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#\\]*/i.exec(marked.join(''))?.[0] ?? '';
  return authority.includes(CHOSEN);
}

const isOwn = ({ path: [root = '', name] }: Reference): boolean => OWN.has(root) || (root === 'run' && name === 'id');
