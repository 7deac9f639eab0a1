import type { ShellFacts } from '../../shell/facts.js';
import { type ShellGrammar, shellFacts } from '../../shell/parse.js';
import { readConsole } from '../blocks/console.js';
import { turnedRound } from '../blocks/must-fail.js';
import { withoutTerminal } from '../blocks/no-terminal.js';
import { withPrompts } from '../blocks/prompted.js';
import { readRootSession } from '../blocks/root-session.js';
import { withoutWindows } from '../blocks/windows-lines.js';
import type { Block, CodeBlock, ListItem } from '../markdown/document.js';
import { isMarked } from './marks.js';
import { isShell, type Kind, type Subject } from './rule.js';

export type Read = Pick<Subject, 'block' | 'kind' | 'form' | 'script' | 'shown' | 'facts' | 'adapted'>;

/** Reads blocks by their languages: the script of each, what it shows as output, and what the grammar says of it. Items stay. */
export function readBlocks(blocks: readonly Block[], grammar: ShellGrammar): (ListItem | Read)[] {
  const read = blocks.map((block) => (block.kind === 'item' ? block : readCode(block, grammar)));
  const byRoot = read.flatMap((one) => (one.kind !== 'item' && isRootSession(one) ? one.facts.commands : []));
  if (byRoot.length === 0) return read;
  const typed = new Set(byRoot.map(({ program }) => program));
  return read.map((one) => (one.kind === 'untagged' ? readCode(one.block, grammar, typed) : one));
}

/** Without a language and with no other prompt than that of root. */
function isRootSession({ kind, block: { language, text } }: Read): boolean {
  return kind === 'console' && language === '' && /^\s*#[ \t]/.test(text) && !/^\s*[$❯]/m.test(text);
}

function readCode(block: CodeBlock, grammar: ShellGrammar, typedByRoot?: ReadonlySet<string>): Read {
  const read = readForm(block, grammar, typedByRoot);
  if (!isShell(read.kind) || read.kind === 'marked' || !read.facts.parsed) return { ...read, adapted: undefined };
  const factsOf = (text: string) => shellFacts(text, grammar);
  const { script, facts, adapted } = withoutTerminal(read.script, read.facts, factsOf);
  const turned = turnedRound(block, script, factsOf);
  return { ...read, script, facts, adapted, ...turned };
}

function readForm(
  block: CodeBlock,
  grammar: ShellGrammar,
  typedByRoot: ReadonlySet<string> | undefined,
): Omit<Read, 'adapted'> {
  const kind = kindOf(block);
  if (kind === 'sql' || kind === 'http')
    return { block, kind, form: kind, script: block.text, shown: undefined, facts: NO_FACTS };
  const form = 'shell';
  if (!isShell(kind)) return { block, kind, form, script: block.text, shown: undefined, facts: NO_FACTS };
  const session = kind === 'marked' ? undefined : readConsole(block.text, block.language);
  if (session === undefined) {
    const factsOf = (script: string) => shellFacts(script, grammar);
    const root = kind === 'untagged' ? readRootSession(block.text, factsOf, typedByRoot) : undefined;
    if (root !== undefined)
      return { block, kind: 'console', form, script: root, shown: undefined, facts: shellFacts(root, grammar) };
    const script = kind === 'marked' ? interpreted(block) : withoutWindows(block.text);
    return {
      block,
      kind,
      form,
      script,
      shown: undefined,
      facts: withPrompts(block, script, shellFacts(script, grammar)),
    };
  }
  const script = session.commands.map(({ text }) => text).join('\n');
  const outputs = session.commands.map(({ output }) => output).filter((output) => output !== '');
  const shown = outputs.length === 0 ? undefined : outputs.join('\n');
  const facts = session.whole ? withPrompts(block, script, shellFacts(script, grammar)) : NO_FACTS;
  return { block, kind: 'console', form, script, shown, facts };
}

const NO_FACTS: ShellFacts = {
  parsed: false,
  commands: [],
  freeVariables: [],
  defaultedVariables: [],
  assignedVariables: [],
  assignedOtherwise: [],
  sources: false,
  placeholders: [],
};

const SHELLS = /^(?:bash|sh|shell|zsh|ksh|ash|dash|posix|bashrc)$/;
const CONSOLES = /^(?:console|shell-session|shellsession|terminal|sh-session|bash-session|shell-script-session)$/;
const FOREIGN = /^(?:powershell|ps1?|pwsh|posh|cmd|bat|batch|dos|winbatch|fish|csh|tcsh|nu|nushell|elvish|xonsh)$/;
const DATABASES = /^(?:sql|postgres|postgresql|pgsql|psql|mysql|mariadb|plpgsql)$/;

function kindOf(block: CodeBlock): Kind {
  const { language } = block;
  if (SHELLS.test(language)) return 'shell';
  if (CONSOLES.test(language)) return 'console';
  if (DATABASES.test(language)) return 'sql';
  if (language === 'http' || language === 'rest') return 'http';
  if (isMarked({ block }, 'run', 'verify', 'check', 'rollback', 'undo', 'precondition', 'prerequisite'))
    return 'marked';
  if (language === '') return 'untagged';
  return FOREIGN.test(language) ? 'foreign-shell' : 'other';
}

/** Languages whose programs are read from standard input, when their author marks them. Others are taken for shell. */
const INTERPRETERS: Readonly<Record<string, string>> = {
  python: 'python3 -',
  python3: 'python3 -',
  py: 'python3 -',
  javascript: 'node -',
  js: 'node -',
  ruby: 'ruby -',
  perl: 'perl -',
  php: 'php',
};

function interpreted({ language, text }: CodeBlock): string {
  const program = Object.hasOwn(INTERPRETERS, language) ? INTERPRETERS[language] : undefined;
  if (program === undefined) return text;
  let end = 'END_OF_BLOCK';
  while (text.includes(end)) end += '_';
  return `${program} <<'${end}'\n${text}\n${end}`;
}
