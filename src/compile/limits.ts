import type { JsonValue } from '#ir/json.js';
import { MOST_DEPENDENCIES, MOST_STEPS } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';

/** Counts what is read of a text that is still to become a plan, and refuses it at the first that is too many. */
export class Counter {
  #count = 0;

  /** @param noun what is counted, in the plural */
  constructor(
    private readonly noun: string,
    private readonly most: number,
    private readonly where?: string | undefined,
  ) {}

  /** @throws OpsroomError PLAN_TOO_LARGE that names the limit */
  add(more: number): void {
    this.#count += more;
    if (this.#count <= this.most) return;
    const what = `It has more than ${this.most.toLocaleString('en-US')} ${this.noun}, which is the most that is read.`;
    throw new OpsroomError('PLAN_TOO_LARGE', { what, ...(this.where === undefined ? {} : { where: this.where }) });
  }
}

/** A fence, or an item of a list that is numbered or has a box, at the beginning of a line. */
const MARK = /^[^\S\n]{0,100}(?:(`{3,}|~{3,})([^\n]*)|(?:\d{1,9}[.)]|(?:[-*+][^\S\n]+)?\[[^\S\n]?[xX]?\])(?=\s))/gm;
const MARKS = 'code blocks and numbered or ticked items';

/**
 * Refuses a Markdown text of which no plan could hold what its parts become, before it is parsed: that takes many times longer.
 * @throws OpsroomError PLAN_TOO_LARGE
 */
export function refuseManyMarks(text: string, where: string): void {
  const marks = new Counter(MARKS, MOST_STEPS, where);
  let fence = '';
  for (const { 1: opens = '', 2: rest = '' } of text.matchAll(MARK)) {
    if (fence === '') {
      marks.add(1);
      fence = opens;
    } else if (opens.startsWith(fence) && rest.trim() === '') fence = '';
  }
}

/** The same once its blocks are known: some have no mark of their own. */
export function refuseManyBlocks(blocks: readonly unknown[], where: string): void {
  new Counter(MARKS, MOST_STEPS, where).add(blocks.length);
}

/**
 * Refuses a plan with more steps or dependencies than one may have, before its form is looked at.
 * @throws OpsroomError PLAN_TOO_LARGE
 */
export function refuseManySteps(value: JsonValue, where?: string): void {
  const steps = membersOf(value, 'steps');
  new Counter('steps', MOST_STEPS, where).add(steps.length);
  const dependencies = new Counter('dependencies', MOST_DEPENDENCIES, where);
  for (const step of steps) dependencies.add(membersOf(step, 'dependsOn').length);
}

function membersOf(value: JsonValue, name: string): readonly JsonValue[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  const members = value[name];
  return Array.isArray(members) ? members : [];
}
