import { z } from 'zod';

/** A tool, or tools by a wildcard: `shell`, `shell:git`, `mcp:github:create_pr`, `mcp:github:*`. */
const toolPattern = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_*][A-Za-z0-9_*./:-]*$/, 'a tool as steps name it, with * for any part: mcp:github:*');

/** Calls that are not named there fail before they are made. */
export const toolPatternsSchema = z.array(toolPattern).max(500);

/** The tools that come with the room; a test holds it against them. `mcp` stands for every server. */
export const BUILT_IN_TOOLS = [
  'agent',
  'github',
  'http',
  'mcp',
  'odoo',
  'shell',
  'site',
  'skill',
  'sql',
  'ssh',
] as const;

/** One list that holds for a run, and whose it is. */
export interface Allowlist {
  readonly of: 'plan' | 'run' | 'session';
  readonly tools: readonly string[];
}

/** Why a call may be made: of each list that holds, the entry that names it. */
export interface Permitted {
  readonly of: Allowlist['of'];
  readonly entry: string;
}

/** What the lists of a run say to a call: every one of them must name it. `by` is empty where there is no list. */
export function judgeCall(
  name: string,
  lists: readonly Allowlist[],
): { readonly by: readonly Permitted[] } | { readonly against: Allowlist } {
  const by: Permitted[] = [];
  for (const list of lists) {
    const entry = list.tools.find((pattern) => names(pattern, name));
    if (entry === undefined) return { against: list };
    by.push({ of: list.of, entry });
  }
  return { by };
}

/** Whether an entry names a call: wholly, or its beginning up to a colon (`shell` names `shell:git`). */
function names(pattern: string, name: string): boolean {
  if (matches(pattern, name)) return true;
  for (let end = name.indexOf(':'); end !== -1; end = name.indexOf(':', end + 1))
    if (matches(pattern, name.slice(0, end))) return true;
  return false;
}

/** Without a regular expression, which a hostile entry could make run for ever. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return first === name;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
