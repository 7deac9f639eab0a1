import { managerOf } from '../../shell/judge/managers.js';
import type { Decision } from '../blocks/decision.js';
import { slug } from '../blocks/names.js';

/** One way to do something: the blocks of it, and how it is called. */
export interface Side {
  readonly name: string;
  readonly members: readonly Decision[];
}

export interface Group {
  /** What the input is called: `package_manager`, `platform`, else of the heading. */
  readonly topic: string;
  readonly ways: readonly Side[];
}

/** The program that tells a way from others. */
export function wayName(decision: Pick<Decision, 'facts'>): string {
  const manager = (decision.facts?.commands ?? []).map(managerOf).find((found) => found !== undefined);
  return manager?.name ?? decision.facts?.commands.find(({ program }) => program !== '')?.program ?? 'other';
}

/** A group needs two ways, told apart by their names. */
export function groupOf(ways: readonly Side[], topic?: string): Group[] {
  if (ways.length < 2) return [];
  const names = ways.map(({ name }) => slug(name).replaceAll('-', '_') || 'other');
  const unique = names.map((name, i) => (names.indexOf(name) === i ? name : `${name}_${i + 1}`));
  const named = ways.map(({ members }, i) => ({ name: unique[i] ?? `way_${i + 1}`, members }));
  return [{ topic: topic ?? topicOf(unique, named), ways: named }];
}

const FAMILIES: Readonly<Record<string, RegExp>> = {
  package_manager: /^(?:npm|yarn|pnpm|bun|deno|npx)$/,
  platform: /^(?:mac_?os|mac|osx|linux|windows|wsl|freebsd|unix)$/,
  python_manager: /^(?:pip|pip3|pipx|poetry|uv|conda|pipenv|pdm)$/,
  system_manager: /^(?:apt|apt_get|dnf|yum|brew|homebrew|apk|pacman|zypper|snap|choco|winget|scoop)$/,
};

function topicOf(names: readonly string[], [way]: readonly Side[]): string {
  const family = Object.entries(FAMILIES).find(([, pattern]) => names.every((name) => pattern.test(name)));
  if (family !== undefined) return family[0];
  const heading = slug(way?.members[0]?.block.section.heading ?? '').replaceAll('-', '_');
  return /^[a-z]/.test(heading) ? `${heading}_with`.slice(0, 60) : 'way';
}
