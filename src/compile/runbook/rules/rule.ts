import type { ShellFacts } from '../../shell/facts.js';
import type { Form, Verdict } from '../blocks/decision.js';
import type { Settings } from '../blocks/settings.js';
import type { CodeBlock } from '../markdown/document.js';
import type { Standing } from './standing.js';

/** How a block is written, by its language: what could be done with it at all. */
export type Kind = 'shell' | 'console' | 'untagged' | 'sql' | 'http' | 'marked' | 'foreign-shell' | 'other';

/** What a rule looks at: one code block, read, and where it stands. */
export interface Subject {
  readonly block: CodeBlock;
  readonly kind: Kind;
  readonly form: Form;
  /** What an interpreter would read; without prompts and shown output. */
  readonly script: string;
  readonly shown: string | undefined;
  /** What was changed of the script, so that a run can do it. */
  readonly adapted: string | undefined;
  /** Of a script for shells. */
  readonly facts: ShellFacts;
  readonly standing: Standing;
  readonly settings: Settings;
  /** Reads a part of the script. */
  readonly factsOf: (script: string) => ShellFacts;
  /** What the text before the block, or the comment on top of it, says. */
  readonly intro: string;
  /** What the numbered or ticked item right before it says, when both stand in one section. */
  readonly itemBefore: string;
  /** The case that was told above it, and of which nothing has said yet that it is over. */
  readonly openCase: string | undefined;
  /** The code block before it. */
  readonly before: CodeBlock | undefined;
  /** Something was done before, by a block or a person: there is something to look at. */
  readonly worked: boolean;
  /** In its own section, something was done that is known to change something. */
  readonly workedHere: boolean;
  /** In its own section, something is run before it, whatever that does. */
  readonly ranHere: boolean;
  /** The block right above it, without a word between them, is a check. */
  readonly belowCheck: boolean;
  /** The block right above it, without a word between them, does something that is known to change something. */
  readonly belowDeed: boolean;
  /** Programs that blocks tagged as shell type: a block without a language that types them, too, is one of commands. */
  readonly typed: ReadonlySet<string>;
  /** Variables that scripts of the document read and do not set. */
  readonly wanted: ReadonlySet<string>;
}

/** One rule: a name, what it says in docs/runbook-rules.md, and the decision where it has one. */
export interface Rule {
  readonly id: string;
  /** For people, in the words of "a block that …". */
  readonly when: string;
  decide(subject: Subject): Verdict | undefined;
}

export interface RuleGroup {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** A rule that gives one label whenever its condition holds. */
export function rule(
  id: string,
  when: string,
  label: Verdict['label'],
  why: string,
  holds: (subject: Subject) => boolean,
): Rule {
  return { id, when, decide: (subject) => (holds(subject) ? { label, why } : undefined) };
}

/** Whether a block is read as a shell script. */
export function isShell(kind: Kind): boolean {
  return kind === 'shell' || kind === 'console' || kind === 'untagged' || kind === 'marked';
}
