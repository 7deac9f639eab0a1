import type { Decision, Label } from '../blocks/decision.js';
import { clip, firstLine } from '../blocks/names.js';
import type { Lines } from '../markdown/document.js';

/** A block that became something, and what. */
export interface ExplainedStep {
  /** Of a bundle of files: the one that the lines are of, when it is not the first. */
  readonly file?: string | undefined;
  /** The step it became, or the step that it checks, undoes or is a condition of. */
  readonly id: string;
  readonly label: Exclude<Label, 'leave_out'>;
  readonly lines: Lines;
  readonly rule: string;
  readonly why: string;
  readonly firstLine: string;
  readonly background: boolean;
  readonly ask: string | undefined;
  readonly weak: boolean;
}

export interface ExplainedGap {
  readonly file?: string | undefined;
  readonly lines: Lines;
  readonly rule: string;
  readonly why: string;
  readonly firstLine: string;
}

export interface Question {
  readonly lines: Lines;
  readonly text: string;
}

/** What became of every block of a document: each stands exactly once in `steps` or `leftOut`. Both in document order. */
export interface Explanation {
  readonly steps: readonly ExplainedStep[];
  readonly leftOut: readonly ExplainedGap[];
  /** What people must answer or edit before all of it can run by itself. */
  readonly questions: readonly Question[];
  readonly warnings: readonly string[];
}

/** @param others further steps that it became a part of */
export function explainStep(decision: Decision, id: string, others: readonly string[] = []): ExplainedStep | undefined {
  const { label, block, rule, background, ask, askEachRun, gate, stop, until, weak, parts } = decision;
  const why = others.length === 0 ? decision.why : `${decision.why}; of ${others.join(', ')} as well`;
  if (label === 'leave_out') return undefined;
  const shown = shownLine(decision);
  const said = [stop?.says, gate, until].flatMap((one) => (one === undefined ? [] : [`the text says "${clip(one)}"`]));
  const asked = [...said, ...[ask, askEachRun].filter((one) => one !== undefined)];
  return {
    id,
    label,
    lines: block.lines,
    rule,
    why,
    firstLine: shown,
    background: background !== undefined || parts?.some((part) => part.background !== undefined) === true,
    ask: asked.length === 0 ? undefined : asked.join('; '),
    weak,
  };
}

export function explainGap(decision: Decision): ExplainedGap {
  const { block, rule, why } = decision;
  return { lines: block.lines, rule, why, firstLine: shownLine(decision) };
}

function shownLine({ block, script }: Decision): string {
  return firstLine(script === '' ? block.text : script);
}
