import { OpsroomError } from '#kit/errors.js';
import { type Compiled, compilePlan, type StepPlace } from '../compile.js';
import type { Contracts } from '../contracts.js';
import { PlanProblems, type Problem } from '../problems.js';
import { loadShellGrammar, type ShellGrammar, shellFacts } from '../shell/parse.js';
import { askedFor } from './assemble/asked-for.js';
import { type Assembled, assemble } from './assemble/assemble.js';
import { withBeginnings } from './assemble/begins-anew.js';
import { casesLeftOut, casesText } from './assemble/cases-left-out.js';
import type { Explanation } from './assemble/explain.js';
import { namedFiles } from './assemble/named-files.js';
import { anchorsOf, findSection, isWhole, withinSection } from './assemble/section.js';
import { sectionFolder, type Unplaced } from './assemble/section-folder.js';
import { separateTasks, tasksText } from './assemble/separate-tasks.js';
import type { Decision } from './blocks/decision.js';
import type { Machine } from './blocks/machine.js';
import { readSettings, type Settings } from './blocks/settings.js';
import { decideBlocks, decideNamed } from './decide/decide.js';
import { withGates } from './decide/gates.js';
import { withSettingFirst } from './decide/setting-first.js';
import type { Lines, RunbookDocument, Section } from './markdown/document.js';
import { readMarkdown } from './markdown/markdown.js';
import { checkLock, type Lock, type LockCheck } from './review/review.js';
import { applyReview } from './review/reviewed.js';
import { type Offered, offerChoices, withNeighbours } from './ways/alternatives.js';
import { documentKind } from './words/document-kind.js';

export interface RunbookInput {
  readonly text: string;
  /** Its name in messages. */
  readonly file: string;
  /** The anchor of a heading: only that section, with what belongs to it. */
  readonly section?: string | undefined;
  /** Presets choices by what the machine has; without it people are asked. */
  readonly machine?: Machine | undefined;
  readonly lock?: Lock | undefined;
  /** Refuses checks that state no expectation, as the front matter may, too. */
  readonly strict?: boolean | undefined;
}

/** What was made of a runbook's blocks, before a plan is made of them. */
export interface ReadRunbook {
  readonly document: RunbookDocument;
  readonly settings: Settings;
  /** One per block, in document order, by the rules alone. */
  readonly decisions: readonly Decision[];
  readonly review: LockCheck | undefined;
  /** See `CompiledRunbook`. */
  readonly tasks: readonly string[];
}

export interface CompiledRunbook extends Compiled {
  readonly explanation: Explanation;
  readonly settings: Settings;
  readonly review: LockCheck | undefined;
  /** Of the sections that are worth running by themselves, in document order; see `anchorsOf`. */
  readonly anchors: readonly string[];
  /** No section was named, or that of the title, which holds every block. */
  readonly whole: boolean;
  /** Anchors of sections that look like tasks of which each is for a day of its own; none where the file says that it runs whole. */
  readonly tasks: readonly string[];
  /** See `namedFiles`. */
  readonly files: readonly string[];
}

/**
 * Reads a runbook and decides about every block of it, without making a plan.
 * @param reviewed whether the decisions are compared with those of a review, or will be
 * @throws PlanProblems RUNBOOK_SETTINGS; OpsroomError PLAN_TOO_LARGE, PLAN_UNREADABLE
 */
export async function readRunbook({ text, file, lock }: RunbookInput, reviewed = true): Promise<ReadRunbook> {
  const document = readMarkdown(text, file);
  const settings = readSettings(document.frontMatter, file, document.lineOf);
  const grammar = await loadShellGrammar();
  const decided = decideBlocks({ document, file, settings, grammar });
  const factsOf = (script: string) => shellFacts(script, grammar);
  const decisions = reviewed ? withBeginnings(withNeighbours(decided, factsOf)) : decided;
  const review = lock === undefined ? undefined : checkLock(decisions, lock, settings);
  return { document, settings, decisions, review, tasks: tasksOf(document, file, decisions, settings) };
}

function tasksOf(
  document: RunbookDocument,
  file: string,
  decisions: readonly Decision[],
  { run }: Settings,
): readonly string[] {
  if (run === true) return [];
  return separateTasks(decisions, documentKind(document, file)).map(({ slug }) => slug);
}

/**
 * A Markdown file as a plan, with the reason for each block that became a step or was left out.
 * @throws PlanProblems with the lines of the file; OpsroomError RUNBOOK_EMPTY, RUNBOOK_SECTION, RUNBOOK_WEAK_CHECK,
 * PLAN_TOO_LARGE, PLAN_UNREADABLE
 */
export async function compileRunbook(input: RunbookInput, contracts: Contracts): Promise<CompiledRunbook> {
  const { file, machine } = input;
  const whole = await readRunbook(input, input.lock !== undefined);
  const { document, settings } = whole;
  const section = input.section === undefined ? undefined : findSection(document, input.section, file);
  const grammar = await loadShellGrammar();
  const read = section === undefined ? whole : askedByName(whole, section, input, grammar);
  const { review } = read;
  const reviewed = reviewedOf(read);
  const factsOf = (script: string) => shellFacts(script, grammar);
  const { wanted, unplaced } =
    section === undefined
      ? { wanted: reviewed }
      : sectionParts(reviewed, section, offerChoices(reviewed, undefined, factsOf));
  const offered = offerChoices(wanted, machine, factsOf);
  const { choices } = offered;
  const decisions = withBeginnings(withSettingFirst(withGates(offered.decisions), factsOf));
  const title = settings.title ?? document.title;
  const named = section === undefined ? title : `${title}: ${section.heading}`;
  const assembled = assemble({ file, document, settings, decisions, choices, unplaced, title: named.slice(0, 500) });
  refuseEmpty(assembled, input);
  if (input.strict ?? settings.strict) refuseWeak(decisions, file);
  const compiled = compileAssembled(assembled, file, contracts);
  const { explanation } = assembled;
  const isAll = section === undefined || isWhole(decisions, section);
  const tasks = isAll ? whole.tasks : [];
  const separate =
    tasks.length === 0 ? [] : [`${tasksText(tasks)}. To run them all, say \`run: true\` in the front matter.`];
  const cases = isAll && !documentKind(document, file).readme ? casesLeftOut(decisions) : [];
  const left = cases.length === 0 ? [] : [casesText(cases, file)];
  const warnings = [...unread(document), ...separate, ...left, ...explanation.warnings, ...compiled.warnings];
  return {
    ...compiled,
    warnings,
    source: sourceMap(assembled.places, file),
    explanation,
    settings,
    review,
    anchors: anchorsOf(decisions),
    whole: isAll,
    tasks,
    files: namedFiles(decisions),
  };
}

/** A section, and what before it says where it runs. */
function sectionParts(
  reviewed: readonly Decision[],
  section: Section,
  { decisions: all }: Offered,
): { wanted: readonly Decision[]; unplaced?: Unplaced | undefined } {
  const within = withinSection(reviewed, section);
  const { first, unplaced } = sectionFolder(all, within, section);
  return { wanted: within.map((one, i) => (first.has(one.block) ? (reviewed[i] ?? one) : one)), unplaced };
}

function reviewedOf({ decisions, review }: ReadRunbook): readonly Decision[] {
  return review === undefined ? decisions : applyReview(review);
}

/** What is decided anew because the section was named is not what was reviewed: it counts as changed. */
function askedByName(
  read: ReadRunbook,
  section: Section,
  { file, lock }: RunbookInput,
  grammar: ShellGrammar,
): ReadRunbook {
  if (isWhole(read.decisions, section)) return read;
  const { document, settings } = read;
  const anew = () => decideNamed({ document, file, settings, grammar }, section);
  const decisions = askedFor(read.decisions, reviewedOf(read), section, anew);
  return { ...read, decisions, review: lock === undefined ? undefined : checkLock(decisions, lock, settings) };
}

function refuseEmpty({ places, explanation }: Assembled, { file, section }: RunbookInput): void {
  if (places.size > 0) return;
  const where = section === undefined ? file : `${file}#${section}`;
  const inside = explanation.leftOut.filter(({ rule }) => !NO_REASONS.has(rule));
  const leftOut = inside.length > 0 ? inside : explanation.leftOut;
  const whys = leftOut.slice(0, MOST_WHYS).map(({ lines, why }) => `line ${lines.from}: ${why}`);
  const more = leftOut.length > MOST_WHYS ? `; and ${leftOut.length - MOST_WHYS} more` : '';
  const blocks = leftOut.length === 1 ? 'its only block' : `its ${leftOut.length} blocks`;
  const what = `Nothing of ${blocks} can be run: ${whys.join('; ')}${more}.`;
  const alone =
    section === undefined && inside.length > 0 && inside.every(({ rule }) => rule === 'nothing-to-attach-to');
  const mend = `What only checks or takes back stands alone here. Run the section that is meant by its name: ${file}#SECTION`;
  throw new OpsroomError('RUNBOOK_EMPTY', leftOut.length === 0 ? { where } : { what, where, ...(alone && { mend }) });
}

const MOST_WHYS = 5;

/** What is outside of the section that was asked for, and an item around code, tell nothing about why that code does not run. */
const NO_REASONS: ReadonlySet<string> = new Set(['other-section', 'item-holds-code']);

function refuseWeak(decisions: readonly Decision[], file: string): void {
  const weak = decisions.find((decision) => decision.label === 'verify' && decision.weak);
  if (weak !== undefined) throw new OpsroomError('RUNBOOK_WEAK_CHECK', { where: `${file}:${weak.block.lines.from}` });
}

/** What is wrong with the plan is told at the lines of the Markdown file. */
function compileAssembled({ value, places }: Assembled, file: string, contracts: Contracts): Compiled {
  try {
    return compilePlan({ value }, contracts, (steps) => linesOf(steps, places, file));
  } catch (error) {
    if (!(error instanceof PlanProblems)) throw error;
    const problems = error.problems.map((problem): Problem => {
      const lines = problem.step === undefined ? undefined : places.get(problem.step);
      return { ...problem, file, ...(lines === undefined ? {} : { line: lines.from }) };
    });
    const [first, ...rest] = problems;
    throw first === undefined ? error : new PlanProblems([first, ...rest]);
  }
}

/** Most that are named; of the others their number. */
const NAMED = 5;

function unread({ fault }: RunbookDocument): string[] {
  if (fault === undefined) return [];
  const [what = ''] = fault.what.split('\n');
  return [`${fault.file}:${fault.line}: ${what.replace(/[.:]$/, '')}. It is not read.`];
}

/** Where steps stand, for warnings: people know their file by its lines. */
function linesOf(steps: readonly string[], places: ReadonlyMap<string, Lines>, file: string): string {
  const starts = [...new Set(steps.flatMap((step) => places.get(step)?.from ?? []))];
  const shown = starts.slice(0, NAMED).join(', ');
  const more = starts.length > NAMED ? ` and ${starts.length - NAMED} more` : '';
  return `the ${starts.length === 1 ? 'step at line' : 'steps at lines'} ${shown}${more} of ${file}`;
}

function sourceMap(places: ReadonlyMap<string, Lines>, file: string): ReadonlyMap<string, StepPlace> {
  return new Map([...places].map(([step, { from }]) => [step, { file, line: from, column: 1 }]));
}
