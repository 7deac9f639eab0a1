import { lastSentence, saysFileContent } from '../words/intro.js';
import { isAssignments } from '../words/text.js';
import { isShell, type Subject } from './rule.js';

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

/** Where programs that are typed next look for what they work on: `export KUBECONFIG=…`. */
const IN_SESSION =
  /^\s*export (?:KUBECONFIG|TALOSCONFIG|DOCKER_HOST|DOCKER_CONTEXT|(?:AWS|GOOGLE|CLOUDSDK|ARM|AZURE|VAULT|CONSUL|NOMAD|OS)_\w+|PG(?:HOST|PORT|USER|DATABASE))=/;

/** Whether a script only sets what a file shall hold, or nothing here reads. */
export function isFileContent({ kind, script, facts, intro, standing, wanted }: Subject): boolean {
  if (!isShell(kind)) return false;
  const typed = facts.commands.filter(({ substituted }) => !substituted);
  if (!typed.every(({ program, writes }) => SETTING.has(program) && writes.length === 0)) return false;
  if (IN_SESSION.test(script) && !/(?:rc|profile|\.env)\b/i.test(lastSentence(intro))) return false;
  if (saysFileContent(intro)) return true;
  const bare = typed.every(({ program }) => program === '') && !/^\s*export\b/m.test(script);
  if (bare && VARIABLES.test(standing.headings[0] ?? '')) return true;
  return isAssignments(script) && (standing.readme || !facts.assignedVariables.some((name) => wanted.has(name)));
}
