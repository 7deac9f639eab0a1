import type { ShellFacts } from '../../shell/facts.js';
import type { Block, Lines, Section } from '../markdown/document.js';

/** What becomes of a block. `choice`: it runs when an input says so, because others do the same for other machines. */
export const LABELS = ['run', 'verify', 'rollback', 'precondition', 'manual', 'choice', 'leave_out'] as const;
export type Label = (typeof LABELS)[number];

/** How one knows that a program which does not end by itself has come up. Exactly one member, as the shell tool takes it. */
export type Readiness =
  | { readonly url: string }
  | { readonly port: number }
  | { readonly output: string }
  | { readonly aliveMs: number };

/** One of several ways to do the same: the input that chooses, and the value that stands for this one. */
export interface Choice {
  readonly input: string;
  readonly value: string;
  /** What the document says of the case that it is for, where it is for one. */
  readonly says?: string;
}

/** Which tool reads the script. */
export type Form = 'shell' | 'sql' | 'http';

/** One of the ways that a single block shows, with `# or` between them. */
export interface Way {
  readonly value: string;
  readonly script: string;
  readonly facts: ShellFacts;
}

/** A stretch of a block that is a step of its own. */
export interface Part {
  readonly script: string;
  readonly facts: ShellFacts;
  /** Where it stands in the block's script; lines from 0. */
  readonly lines: Lines;
  /** What the comment above it says; may be empty. */
  readonly title: string;
  /** The input that says whether it is done at all. */
  readonly condition?: Choice;
  readonly background?: Readiness;
  /** Why a person does it. */
  readonly hand?: string;
}

/** What was decided about one block, by which rule, and why. Each block of a document has exactly one. */
export interface Decision {
  readonly block: Block;
  readonly label: Label;
  /** Id of a rule in docs/runbook-rules.md. */
  readonly rule: string;
  /** One sentence for people. */
  readonly why: string;
  readonly form: Form;
  /** Of a code block: what an interpreter would read (without prompts and shown output). */
  readonly script: string;
  /** What the document shows as its output. */
  readonly shown: string | undefined;
  /** What the sentence below it says is among what it prints. */
  readonly prints?: string;
  readonly facts: ShellFacts | undefined;
  /** What was changed of the script, so that a run can do it: a sentence. */
  readonly adapted?: string;
  /** Set when the program does not end by itself. */
  readonly background: Readiness | undefined;
  /** Why a person is asked before it runs. */
  readonly ask: string | undefined;
  /** What the document wants before it, in its words; about this run, so a review of the file does not answer it. */
  readonly gate?: string;
  /** Of a rollback: why a person is asked in each run, reviewed or not. */
  readonly askEachRun?: string;
  /** What the document wants before it and all that follows: without a yes nothing of that is done. */
  readonly stop?: {
    readonly says: string;
    /** All that follows in its case. */
    readonly inCase: boolean;
    /** No more than all that follows in this section. */
    readonly within?: Section;
    /** It asks whether this is the machine that the document means. */
    readonly where?: boolean;
  };
  /** What has the reader go to another machine before anything is done: whether this is it, is asked. */
  readonly enters?: readonly string[];
  /** What the document has people wait for while it shows what goes on, in its words. */
  readonly until?: string;
  /** A check that can hardly fail, because it states no expectation. */
  readonly weak: boolean;
  /** A check that takes nothing back when it fails: what it finds is for people to judge. */
  readonly advisory?: boolean;
  /** A check or an undoing that is done once, in its place among the steps. */
  readonly asStep?: boolean;
  /** Of what a person does, and of a check: when things are taken back, and not before. */
  readonly undoes?: boolean;
  /** Of what takes back, for reviews: for which of the steps, where it is not all of them. */
  readonly scope?: string;
  /** It begins where the run began: by this command (`cd repo`) it goes again where the first move went. */
  readonly anew?: string;
  readonly choice: Choice | undefined;
  /** Of a choice within the block: each way becomes a step. `choice.value` is then that of the first. */
  readonly ways?: readonly Way[];
  /** For reviews: what it is among ways to do the same, before anybody chose one. */
  readonly among?: string;
  /** The steps that the block becomes, where it is more than one. */
  readonly parts?: readonly Part[];
  /** Of a part that became a step: what the comment above it says, and the choice of the whole block, if it has one as well. */
  readonly part?: { readonly title: string; readonly within?: Choice };
}

/** The part of a decision that a rule makes; the rest comes from what it looked at. */
export interface Verdict {
  readonly label: Label;
  readonly why: string;
  readonly background?: Readiness;
  readonly ask?: string;
  readonly askEachRun?: string;
  readonly weak?: boolean;
  readonly advisory?: boolean;
  readonly asStep?: boolean;
  readonly undoes?: boolean;
  readonly parts?: readonly Part[] | undefined;
}

type Fate = Pick<Decision, 'label' | 'asStep' | 'undoes'>;

/** It is run: always, or where an input says so. Of checks and of what takes back, nothing is. */
export function isRun({ label }: Pick<Fate, 'label'>): boolean {
  return label === 'run' || label === 'choice';
}

/** The same, or it takes something back in its place among the steps. */
export function isDeed(decision: Omit<Fate, 'undoes'>): boolean {
  return isRun(decision) || (decision.label === 'rollback' && decision.asStep === true);
}

/** It is done by no person, in its place among the steps, were it only to look. */
export function isInTurn(decision: Omit<Fate, 'undoes'>): boolean {
  return isRun(decision) || decision.asStep === true;
}

/** It becomes a step among the others, of a person or not, as opposed to a part of one. */
export function becomesStep(decision: Fate): boolean {
  return decision.undoes !== true && (isInTurn(decision) || decision.label === 'manual');
}
