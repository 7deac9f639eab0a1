/** What a site lets robots fetch (RFC 9309). */
export interface Robots {
  allows(path: string): boolean;
}

interface Rule {
  readonly allows: boolean;
  readonly path: string;
}

const MOST_LINES = 5000;
export const ALL: Robots = { allows: () => true };
export const NOTHING: Robots = { allows: () => false };

/** Reads a robots.txt: the group for `agent`, else the one for all; of the rules that fit, the longest counts, and `allow` among equals. */
export function readRobots(text: string, agent: string): Robots {
  const groups = groupsOf(text.split(/\r\n?|\n/).slice(0, MOST_LINES));
  const own = groups.filter(({ agents }) => agents.includes(agent));
  const rules = (own.length > 0 ? own : groups.filter(({ agents }) => agents.includes('*'))).flatMap(
    (group) => group.rules,
  );
  return {
    allows: (path) => {
      const fitting = rules.filter((rule) => fits(rule.path, path));
      const longest = Math.max(0, ...fitting.map((rule) => rule.path.length));
      const deciding = fitting.filter((rule) => rule.path.length === longest);
      return deciding.length === 0 || deciding.some(({ allows }) => allows);
    },
  };
}

function groupsOf(lines: readonly string[]): { agents: string[]; rules: Rule[] }[] {
  const groups: { agents: string[]; rules: Rule[] }[] = [];
  for (const line of lines) {
    const [, field = '', value = ''] = /^\s*([a-z-]+)\s*:\s*([^#]*)/i.exec(line) ?? [];
    const words = value.trim();
    const last = groups.at(-1);
    if (/^user-agent$/i.test(field)) {
      if (last !== undefined && last.rules.length === 0) last.agents.push(words.toLowerCase());
      else groups.push({ agents: [words.toLowerCase()], rules: [] });
    }
    // An empty `disallow` forbids nothing.
    const isRule = /^(?:dis)?allow$/i.test(field) && words !== '' && words.length <= 500;
    if (isRule) last?.rules.push({ allows: field.toLowerCase() === 'allow', path: words });
  }
  return groups;
}

/** `*` stands for anything, a `$` at the end for the end. Compared part by part: a pattern of stars must not take for ever. */
function fits(rule: string, path: string): boolean {
  const isWhole = rule.endsWith('$');
  const [first = '', ...others] = (isWhole ? rule.slice(0, -1) : rule).split('*');
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const [place, part] of others.entries()) {
    const isLast = isWhole && place === others.length - 1;
    const found = isLast ? path.length - part.length : path.indexOf(part, at);
    if (found < at || !path.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return !isWhole || at === path.length;
}
