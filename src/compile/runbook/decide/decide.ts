import { isReadOnlySql } from '../../shell/judge/sql.js';
import { type ShellGrammar, shellFacts } from '../../shell/parse.js';
import { type Decision, isInTurn, type Verdict } from '../blocks/decision.js';
import type { Settings } from '../blocks/settings.js';
import { withShownOutput } from '../blocks/shown-output.js';
import { isReading } from '../blocks/work.js';
import type { Block, CodeBlock, ListItem, RunbookDocument, Section } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { itemsBeforeCode } from '../markdown/items-before-code.js';
import { cleaningUp } from '../rules/cleanups.js';
import { type Read, readBlocks } from '../rules/read-code.js';
import { isShell, type Rule, type Subject } from '../rules/rule.js';
import { RULE_GROUPS } from '../rules/rules.js';
import { type Standing, standings } from '../rules/standing.js';
import { typedPrograms } from '../rules/typed-programs.js';
import { belowBold, boldRollbacks } from './bold-rollback.js';
import { decideItem } from './decide-item.js';
import { isQuickStart, withoutItsEnd } from './ends-readme.js';
import { inSomeCase } from './in-some-case.js';
import { onlyProcedure } from './only-procedure.js';
import { OpenCase } from './open-case.js';
import { Progress } from './progress.js';
import { withScope } from './rollback-scope.js';
import { withSessions } from './sessions.js';
import { withSettingFirst } from './setting-first.js';
import { withTakenBack } from './taken-back.js';

export interface DecideInput {
  readonly document: RunbookDocument;
  readonly file: string;
  readonly settings: Settings;
  readonly grammar: ShellGrammar;
}

const RULES: readonly Rule[] = RULE_GROUPS.flatMap(({ rules }) => rules);

/**
 * What becomes of each block: one decision per block, in document order. Where nothing is a procedure by its heading, the sections that
 * elsewhere only show something are all that there is to be done.
 */
export function decideBlocks(input: DecideInput): readonly Decision[] {
  const read = readBlocks(input.document.blocks, input.grammar);
  const standingOf = standings(input.document, input.file, lookingIn(read));
  const decided = decideAll(input, read, standingOf);
  if (decided.some(doesSomething)) return decided;
  const codes = read.filter((one) => one.kind !== 'item');
  const isAll = onlyProcedure(codes, standingOf, input.document);
  if (!codes.some(({ block }) => isAll(block))) return decided;
  const all = decideAll(input, read, (section, block) => {
    const standing = standingOf(section);
    return isAll(block) ? { ...standing, place: 'procedure' } : standing;
  });
  return all.some(doesSomething) ? all.map(saidToBeAll) : decided;
}

/** The same, as if a section was a procedure whatever it is called: somebody asked for it by its name. */
export function decideNamed(input: DecideInput, section: Section): readonly Decision[] {
  const read = readBlocks(input.document.blocks, input.grammar);
  return decideAll(input, read, standings(input.document, input.file, lookingIn(read), section), section);
}

function lookingIn(read: readonly (ListItem | Read)[]): ReadonlySet<Block> {
  return new Set(read.flatMap((one) => (one.kind !== 'item' && onlyLooks(one) ? [one.block] : [])));
}

/** Code that is done, by a person or not: checks and rollbacks alone are no procedure. */
function doesSomething(decision: Decision): boolean {
  return decision.block.kind === 'code' && (isInTurn(decision) || decision.label === 'manual');
}

function saidToBeAll(decision: Decision): Decision {
  return decision.rule === 'procedure'
    ? { ...decision, why: 'the document names nothing else that is done' }
    : decision;
}

function decideAll(
  { document, settings, grammar }: DecideInput,
  read: readonly (ListItem | Read)[],
  standingOf: (section: Section, block: Block) => Standing,
  named?: Section,
): readonly Decision[] {
  const wanted = new Set(read.flatMap((one) => (one.kind === 'item' ? [] : one.facts.freeVariables)));
  const typed = typedPrograms(read.flatMap((one) => (one.kind === 'item' ? [] : [one])));
  const factsOf = (script: string) => shellFacts(script, grammar);
  const progress = new Progress();
  const held = itemsBeforeCode(document.blocks);
  const cases = new OpenCase();
  const backs = boldRollbacks(document.blocks);
  const blockStanding = (one: ListItem | Read) => {
    const block = one.kind === 'item' ? one : one.block;
    return standingOf(block.section, block);
  };
  const decisions = read.map((one, at) => {
    const block = one.kind === 'item' ? one : one.block;
    const { section } = block;
    const standing = belowBold(blockStanding(one), backs.get(block));
    progress.enter(section);
    const decision =
      one.kind === 'item'
        ? decideItem(one, standing, held.has(one))
        : decideCode({
            // Named one by one: spreading objects of several forms takes longer than most rules.
            block: one.block,
            kind: one.kind,
            form: one.form,
            script: one.script,
            shown: one.shown,
            facts: one.facts,
            adapted: one.adapted,
            standing,
            settings,
            factsOf,
            intro: introOf(one.block),
            itemBefore: itemBefore(document.blocks, at),
            openCase: cases.of(one.block),
            worked: progress.worked,
            workedHere: progress.workedIn(section),
            ranHere: progress.ranIn(section),
            belowCheck: progress.isBelowCheck(one.block),
            belowDeed: progress.isBelowDeed(one.block),
            typed,
            wanted,
            before: progress.before,
          });
    progress.note(decision);
    return standing.cleansUp ? cleaningUp(decision) : decision;
  });
  const taken = withTakenBack(decisions, named);
  const isReadme = read.some((one) => blockStanding(one).readme);
  const isShown = isReadme || read.some((one) => blockStanding(one).headings.some(isQuickStart));
  const kept = named === undefined && isShown ? withoutItsEnd(taken, isReadme) : taken;
  return withScope(withSettingFirst(withShownOutput(withSessions(kept)), factsOf));
}

function onlyLooks({ form, script, facts }: Read): boolean {
  return form === 'sql' ? isReadOnlySql(script) : isReading(facts);
}

function itemBefore(blocks: readonly Block[], at: number): string {
  const [before, block] = [blocks[at - 1], blocks[at]];
  return before?.kind === 'item' && !before.holdsCode && before.section === block?.section ? said(before) : '';
}

/** Asks the rules in their order. */
export function decideCode(subject: Subject): Decision {
  for (const rule of RULES) {
    const verdict = rule.decide(subject);
    if (verdict !== undefined) return inSomeCase(subject, decisionOf(subject, rule.id, verdict));
  }
  return decisionOf(subject, 'not-decided', { label: 'leave_out', why: 'no rule says what to do with it' });
}

function decisionOf(subject: Subject, rule: string, verdict: Verdict): Decision {
  const { label, why, background, ask, askEachRun, weak, advisory, asStep, undoes, parts } = verdict;
  const { block, form, script, shown, facts, kind, adapted } = subject;
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
    ...(adapted === undefined ? {} : { adapted }),
    ...(askEachRun === undefined ? {} : { askEachRun }),
    ...(advisory === undefined ? {} : { advisory }),
    ...(asStep === undefined ? {} : { asStep }),
    ...(undoes === undefined ? {} : { undoes }),
    ...(parts === undefined ? {} : { parts }),
  };
}

/** What the text before a block says; the item that it stands in counts as such. */
function introOf({ intro, item }: CodeBlock): string {
  return intro === '' ? said(item) : intro;
}
