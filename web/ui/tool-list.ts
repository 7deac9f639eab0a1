import { BUILT_IN_TOOLS, judgeCall, toolPatternsSchema } from '#ir/allowlist.js';

/** One entry of a list of tools, and the line that it stands on, from 1. */
export interface Entry {
  readonly text: string;
  readonly line: number;
}

/** The entries that were typed, one a line or between blanks. */
function entriesOf(text: string): Entry[] {
  return text.split('\n').flatMap((line, at) =>
    line
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => ({ text: word, line: at + 1 })),
  );
}

/** The entries alone, as the API takes them. */
export const toolsIn = (text: string): string[] => entriesOf(text).map((entry) => entry.text);

/** Why the room would not take the list, by its line; undefined: it would. */
export function listProblem(text: string): string | undefined {
  const entries = entriesOf(text);
  if (entries.length > MOST_ENTRIES) return `A list has at most ${MOST_ENTRIES} entries; these are ${entries.length}.`;
  const wrong = entries.filter((entry) => !toolPatternsSchema.safeParse([entry.text]).success);
  if (wrong.length === 0) return undefined;
  const places = wrong.slice(0, MOST_NAMED).map(({ text: word, line }) => `line ${line}: “${short(word)}”`);
  const more = wrong.length > MOST_NAMED ? ` and ${wrong.length - MOST_NAMED} more` : '';
  return `No name of a tool: ${places.join(', ')}${more}. It is written as steps name it: shell, mcp:github:*.`;
}

/** The same in a word, for the button that would send it. */
export const listLacks = (text: string): string | undefined =>
  listProblem(text) === undefined ? undefined : 'Mend the list of tools.';

const MOST_ENTRIES = 500;
const MOST_NAMED = 5;
const short = (word: string): string => (word.length > 60 ? `${word.slice(0, 60)}…` : word);

/**
 * Entries that name nothing that can be called now: most likely a slip, but a server may come later.
 * @param registered tools of MCP servers, as steps name them
 */
export function namesNothing(text: string, registered: readonly string[]): Entry[] {
  return entriesOf(text).filter(({ text: entry }) => {
    if (!toolPatternsSchema.safeParse([entry]).success) return false;
    const own = BUILT_IN_TOOLS.some((tool) => tool !== 'mcp' && (covers(entry, tool) || entry.startsWith(`${tool}:`)));
    return !own && !registered.some((tool) => covers(entry, tool)) && entry !== 'mcp' && entry !== 'mcp:*';
  });
}

const covers = (entry: string, tool: string): boolean => 'by' in judgeCall(tool, [{ of: 'run', tools: [entry] }]);

/** What `namesNothing` found, in words. */
export function nothingText(entries: readonly Entry[]): string {
  const places = entries.slice(0, MOST_NAMED).map(({ text, line }) => `line ${line}: ${short(text)}`);
  const more = entries.length > MOST_NAMED ? ` and ${entries.length - MOST_NAMED} more` : '';
  return `No tool that the room has now is called so: ${places.join(', ')}${more}.`;
}

/** The list with one more entry, on a line of its own; one that is there already is not added again. */
export function withTool(text: string, tool: string): string {
  const entry = tool.trim();
  if (entry === '' || toolsIn(text).includes(entry)) return text;
  return text.trim() === '' ? entry : `${text.trimEnd()}\n${entry}`;
}

/** What can be picked from: the room's own tools, and those of its servers. */
export const pickable = (registered: readonly string[]): string[] => [
  ...BUILT_IN_TOOLS.filter((tool) => tool !== 'mcp' && tool !== 'skill'),
  ...registered,
];
