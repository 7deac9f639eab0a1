import { isShell, type Subject } from './rule.js';
import { saysFileContent } from './rules-intro.js';
import { isAssignments } from './rules-text.js';

/** Programs that only set what later commands read. */
const SETTING = new Set([
  '',
  'export',
  'alias',
  'source',
  '.',
  'eval',
  'setopt',
  'autoload',
  'bindkey',
  'complete',
  'compinit',
  'set',
  'shopt',
  'umask',
  'test',
  '[',
  '[[',
]);

/** What a heading calls the variables that a file or a service shall have. */
const VARIABLES =
  /\b(?:environment|env|config(?:uration)?) (?:variables?|vars|file|values)\b|\.env\b|\bumgebungsvariablen\b/i;

/** Whether a script only sets what a file shall hold, or nothing here reads. */
export function isFileContent({ kind, script, facts, intro, standing, wanted }: Subject): boolean {
  if (!isShell(kind)) return false;
  const typed = facts.commands.filter(({ substituted }) => !substituted);
  if (!typed.every(({ program, writes }) => SETTING.has(program) && writes.length === 0)) return false;
  if (saysFileContent(intro)) return true;
  const bare = typed.every(({ program }) => program === '') && !/^\s*export\b/m.test(script);
  if (bare && VARIABLES.test(standing.headings[0] ?? '')) return true;
  return isAssignments(script) && (standing.readme || !facts.assignedVariables.some((name) => wanted.has(name)));
}
