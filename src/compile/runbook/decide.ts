import type { ShellFacts } from '../shell/facts.js';
import { type ShellGrammar, shellFacts } from '../shell/parse.js';
import { clip } from './assemble-names.js';
import { conditionIn, conditionOfAll, inputNameOf } from './conditions.js';
import { readConsole } from './console.js';
import { decideItem } from './decide-item.js';
import type { Decision, Verdict } from './decision.js';
import type { Block, CodeBlock, ListItem, RunbookDocument, Section } from './document.js';
import { entry } from './entry.js';
import { caseAside, namesEmergency, namesWay } from './headings.js';
import { isMarked } from './marks.js';
import { withPrompts } from './prompted.js';
import { roleOfIntro } from './roles.js';
import { readRootSession } from './root-session.js';
import { isShell, type Kind, type Rule, type Subject } from './rule.js';
import { RULE_GROUPS } from './rules.js';
import { saysOutput } from './rules-intro.js';
import { withSessions } from './sessions.js';
import type { Settings } from './settings.js';
import { standings } from './standing.js';
import { typedPrograms } from './typed-programs.js';
import { withoutWindows } from './windows-lines.js';
import { isActingWork, isChangingWork } from './work.js';

export interface DecideInput {
  readonly document: RunbookDocument;
  readonly file: string;
  readonly settings: Settings;
  readonly grammar: ShellGrammar;
}

const RULES: readonly Rule[] = RULE_GROUPS.flatMap(({ rules }) => rules);

/** What becomes of each block: one decision per block, in document order. */
export function decideBlocks({ document, file, settings, grammar }: DecideInput): Decision[] {
  const standingOf = standings(document, file);
  const read = document.blocks.map((block) => (block.kind === 'item' ? block : readCode(block, grammar)));
  const wanted = new Set(read.flatMap((one) => (one.kind === 'item' ? [] : one.facts.freeVariables)));
  const typed = typedPrograms(read.flatMap((one) => (one.kind === 'item' ? [] : [one])));
  let worked = false;
  let workedIn: Section | undefined;
  let before: CodeBlock | undefined;
  let checked: CodeBlock | undefined;
  let way: Section | undefined;
  const ways = new Map<Section, Section | undefined>();
  const decisions = read.map((one, at) => {
    const { section } = one.kind === 'item' ? one : one.block;
    const standing = standingOf(section);
    // Another scenario begins anew: nothing of the one before was done.
    const own = entry(ways, section, () => wayAround(section));
    if (own !== undefined && own !== way) worked = false;
    way = own;
    const decision =
      one.kind === 'item'
        ? decideItem(one, standing)
        : decideCode({
            // Named one by one: spreading objects of several forms takes longer than most rules.
            block: one.block,
            kind: one.kind,
            form: one.form,
            script: one.script,
            shown: one.shown,
            facts: one.facts,
            standing,
            settings,
            intro: introOf(one.block),
            itemBefore: itemBefore(document.blocks, at),
            worked,
            workedHere: worked && workedIn === section,
            belowCheck: checked !== undefined && checked === before && isRightBelow(one.block, checked),
            typed,
            wanted,
            before,
          });
    if (one.kind !== 'item') {
      before = one.block;
      if (decision.label === 'verify') checked = one.block;
    }
    if (isWork(decision)) {
      worked = true;
      if (decision.facts !== undefined && isActingWork(decision.facts)) workedIn = section;
    }
    return decision;
  });
  return withShownOutput(withSessions(decisions));
}

/** Nothing is said between the two. */
function isRightBelow(block: CodeBlock, above: CodeBlock): boolean {
  return block.section === above.section && block.item === above.item && block.intro === '';
}

/** The nearest section around it that is one of several ways: "Scenario B". */
function wayAround(section: Section): Section | undefined {
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) if (namesWay(at.heading)) return at;
  return undefined;
}

function itemBefore(blocks: readonly Block[], at: number): string {
  const [before, block] = [blocks[at - 1], blocks[at]];
  return before?.kind === 'item' && !before.holdsCode && before.section === block?.section ? said(before) : '';
}

/** Whether it leaves something behind that can be looked at. */
function isWork({ block, label, facts, undoes, asStep }: Decision): boolean {
  if (undoes === true) return false;
  if (label === 'manual') return block.kind === 'code' || !LOOKS.test(said(block).slice(0, MOST_LOOKED));
  return (label === 'run' || label === 'choice' || asStep === true) && (facts === undefined || isChangingWork(facts));
}

/** It begins so, if at all; letters without a Latin form are looked at once for each that stands before them. */
const MOST_LOOKED = 200;
/** What a person only looks at changes nothing. */
const LOOKS =
  /^\W*(?:\p{L}+ly )?(?:visit|view|check|verify|confirm|review|identify|navigate|log ?in|click|look|read|note|record|find|locate|determine|ensure|make sure|go to|prüfen|vérifier|verificar|comprobar)\b/iu;

/** A block that a sentence calls the output of the one before it is what that one is expected to show. */
function withShownOutput(decisions: readonly Decision[]): Decision[] {
  const shown = decisions.map((decision, i) =>
    isShownOutput(decision, decisions[i - 1]) ? decision.block.text : undefined,
  );
  return decisions.map((decision, i) => {
    const text = shown[i + 1];
    if (shown[i] !== undefined)
      return { ...decision, rule: 'shown-output', why: 'it is what the block before it is expected to print' };
    return text === undefined ? decision : { ...decision, shown: text, weak: false };
  });
}

function isShownOutput({ label, block }: Decision, before: Decision | undefined): boolean {
  if (
    label !== 'leave_out' ||
    block.kind !== 'code' ||
    before?.block.kind !== 'code' ||
    before.block.section !== block.section
  )
    return false;
  if (
    before.form !== 'shell' ||
    before.shown !== undefined ||
    !/^(?:|text|txt|plain|plaintext|output|console|json|log)$/.test(block.language)
  )
    return false;
  const active = before.label === 'run' || before.label === 'verify';
  return active && (saysOutput(block.intro) || roleOfIntro(block.intro) === 'output');
}

/** Asks the rules in their order. */
export function decideCode(subject: Subject): Decision {
  for (const rule of RULES) {
    const verdict = rule.decide(subject);
    if (verdict !== undefined) return inSomeCase(subject, decisionOf(subject, rule.id, verdict));
  }
  return decisionOf(subject, 'not-decided', { label: 'leave_out', why: 'no rule says what to do with it' });
}

/** In a runbook, what is done "if …" is a question to people, whose answer is no unless they say otherwise. */
function inSomeCase(subject: Subject, decision: Decision): Decision {
  const { intro, standing, script, block } = subject;
  const acts = decision.label === 'run' || (decision.label === 'rollback' && decision.asStep === true);
  if (!acts || standing.readme || /^(?:marked|review)-/.test(decision.rule)) return decision;
  const condition =
    usedWhen(subject) ??
    conditionIn(
      intro,
      block.item?.lead ?? '',
      conditionOfAll(script),
      standing.headings[0] ?? '',
      caseAside(standing.headings[0] ?? ''),
      asideOf(block),
    ) ??
    variationIn(subject) ??
    emergencyIn(subject);
  if (condition === undefined) return decision;
  const input = inputNameOf(condition);
  const why = `the text says "${clip(condition)}": it runs when the input "${input}" says yes`;
  return { ...decision, label: 'choice', rule: 'condition', why, choice: { input, value: 'yes' } };
}

const USED_WHEN =
  /^\W*(?:use (?:this |it )?(?:when|if|for)|when to use|wann (?:verwenden|nutzen)|quand (?:l')?utiliser|cuándo usar|quando (?:usar|usare)|kiedy używać)(?!\p{L})|^[\s\p{P}]*(?:используйте,? (?:когда|если)|когда использовать|使用场景|适用(?:于|场景)|何时使用|使用場面)/iu;

/** "Emergency stop" among sections that are none; the title, which is the last, says what the whole document is about. */
function emergencyIn({ standing: { headings, incident } }: Subject): string | undefined {
  const above = headings.filter((heading) => heading !== '');
  const title = above.at(-1) ?? '';
  return incident || namesEmergency(title) ? undefined : above.find(namesEmergency);
}

/** "Use this when:" beside it, and the name of its heading. */
function usedWhen({ intro, block, standing }: Subject): string | undefined {
  return USED_WHEN.test(block.outro) || USED_WHEN.test(intro) ? (standing.headings[0] ?? '') : undefined;
}

/** "For a point-in-time restore:" before the command of the block before it, with other words: that one, or this one. */
function variationIn({ intro, block, before, script }: Subject): string | undefined {
  if (!/^\W*for\b[^.]*:\W*$/i.test(intro) || before?.section !== block.section) return undefined;
  const [own, others] = [lastCommand(script), lastCommand(before.text)];
  return own !== '' && own === others && script !== before.text ? intro.replace(/\W+$/, '') : undefined;
}

/** The first three words of the last command that begins a line. */
function lastCommand(script: string): string {
  const [line = ''] = script.match(/^[a-z][\w./-]*(?: [a-z][\w-]*){1,2}(?=[ \n]|$)/gm)?.slice(-1) ?? [];
  return line;
}

/** "(if applicable)" in the text of the item that holds the block, which other text may stand between. */
function asideOf({ item }: CodeBlock): string {
  return /\((?:if|when|optional|only (?:if|when))\b[^)]*\)/i.exec(said(item))?.[0].slice(1, -1) ?? '';
}

function decisionOf(subject: Subject, rule: string, verdict: Verdict): Decision {
  const { label, why, background, ask, weak, asStep, undoes } = verdict;
  const { block, form, script, shown, facts, kind } = subject;
  const known = isShell(kind) ? facts : undefined;
  return {
    block,
    label,
    rule,
    why,
    form,
    script,
    shown,
    facts: known,
    background,
    ask,
    weak: weak === true,
    choice: undefined,
    ...(asStep === undefined ? {} : { asStep }),
    ...(undoes === undefined ? {} : { undoes }),
  };
}

/** What the text before a block says; the item that it stands in counts as such. */
function introOf({ intro, item }: CodeBlock): string {
  return intro === '' ? said(item) : intro;
}

/** What rules look at of an item: a sentence or two. */
const said = (item: ListItem | undefined): string => item?.text.slice(0, 2_000) ?? '';

type Read = Pick<Subject, 'block' | 'kind' | 'form' | 'script' | 'shown' | 'facts'>;

/** Reads a block by its language: its script, what it shows as output, and what the grammar says of it. */
export function readCode(block: CodeBlock, grammar: ShellGrammar): Read {
  const kind = kindOf(block);
  if (kind === 'sql' || kind === 'http')
    return { block, kind, form: kind, script: block.text, shown: undefined, facts: NO_FACTS };
  const form = 'shell';
  if (!isShell(kind)) return { block, kind, form, script: block.text, shown: undefined, facts: NO_FACTS };
  const session = kind === 'marked' ? undefined : readConsole(block.text, block.language);
  if (session === undefined) {
    const root = kind === 'untagged' ? readRootSession(block.text, (script) => shellFacts(script, grammar)) : undefined;
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
  assignedVariables: [],
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
