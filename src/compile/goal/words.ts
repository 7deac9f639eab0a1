import type { Known } from './grounds.js';

/** A template that a part of a goal means. */
export interface Match {
  readonly template: string;
  /** The words of the goal that it is for. */
  readonly clause: string;
  /** Those of them that name it. */
  readonly words: readonly string[];
  /** What the words say of its inputs. */
  readonly inputs: Readonly<Record<string, string>>;
}

const STOP = new Set(
  'a an and the to of in on at for it its is are be that this with my our make sure please then can you i'.split(' '),
);
/** What people call a template by, where its tags have another word. */
const SAME: Readonly<Record<string, string>> = {
  works: 'check',
  work: 'check',
  verify: 'check',
  ensure: 'check',
  healthy: 'health',
  space: 'disk',
  backup: 'backup',
  back: 'backup',
};

/** The parts of a goal that want something each: `restart the shop`, `make sure the checkout works`. */
export function clausesOf(goal: string): string[] {
  const parts = goal.split(/[.;]+(?:\s+|$)|\n+|,?\s+(?:and then|then|and|afterwards)\s+|,\s+/i);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/**
 * The templates that a goal means, by its words: for each part the one with most of them among its name and tags. A part that names
 * none, or several equally, is left to the reader.
 */
export function matchGoal(goal: string, templates: readonly Known[]): { matches: Match[]; unclear: string[] } {
  const matches: Match[] = [];
  const unclear: string[] = [];
  for (const clause of clausesOf(goal)) {
    const words = wordsOf(clause);
    const scored = templates.map((template) => ({
      template,
      found: words.filter((word) => names(template).has(word)),
    }));
    const [best, next] = scored.toSorted((a, b) => b.found.length - a.found.length);
    const clear = best !== undefined && best.found.length > 0 && best.found.length > (next?.found.length ?? 0);
    if (clear)
      matches.push({
        template: best.template.name,
        clause,
        words: best.found,
        inputs: inputsIn(goal, clause, best.template),
      });
    else unclear.push(clause);
  }
  return { matches, unclear };
}

function names({ name, tags }: Known): ReadonlySet<string> {
  return new Set([...name.split('-'), ...tags.map((tag) => tag.toLowerCase())]);
}

function wordsOf(text: string): string[] {
  // Of an address only that it is one.
  const plain = text.toLowerCase().replaceAll(/https?:\/\/\S*/g, ' http ');
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => SAME[word] ?? word))].filter((word) => !STOP.has(word));
}

const ENVIRONMENTS = ['production', 'staging', 'development', 'dev', 'local', 'test'];

/** What stands in the words as it is: an environment, an address, an absolute path, a host, a version. */
function inputsIn(goal: string, clause: string, { inputs }: Known): Record<string, string> {
  const said: Readonly<Record<string, string | undefined>> = {
    environment: ENVIRONMENTS.find((one) => new RegExp(`\\b${one}\\b`, 'i').test(goal)),
    url: /https?:\/\/[^\s"'<>]+[^\s"'<>.,;]/.exec(clause)?.[0],
    path: /(?<=\s|^)\/[\w./-]+/.exec(clause)?.[0],
    host: /\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b/i.exec(clause.replace(/https?:\/\//, ''))?.[0],
    version: /\bv?\d+\.\d+\.\d+\b/.exec(clause)?.[0],
  };
  const kinds: Readonly<Record<string, keyof typeof said>> = { health_url: 'url', site_url: 'url' };
  return Object.fromEntries(
    inputs.flatMap(({ name, choices }) => {
      const value = said[kinds[name] ?? name];
      if (value === undefined || (choices.length > 0 && !choices.includes(value))) return [];
      return [[name, value]];
    }),
  );
}
