import type { Lines } from '../runbook/markdown/document.js';
import type { Part } from './outline.js';

/** A task of a list, as it stands there. Tasks are known by their place in the list, from 0: ids may be missing or given twice. */
export interface Task {
  readonly id: string | undefined;
  /** Its own words, without id and marks. */
  readonly text: string;
  /** What stands below it: items, files, remarks. */
  readonly details: string;
  readonly state: 'open' | 'done' | 'removed';
  /** What stands in its box, when that is neither a blank nor a tick. */
  readonly oddMark: string | undefined;
  readonly parallel: boolean;
  /** `US1`; several when the task names several. */
  readonly stories: readonly string[];
  readonly tags: readonly string[];
  readonly phase: Part | undefined;
  readonly paths: readonly string[];
  readonly lines: Lines;
  /** Tasks that must be done before, as its own lines say. */
  readonly after: readonly number[];
  /** Tasks that wait for it, as its own lines say. */
  readonly before: readonly number[];
  /** Ids that its lines depend on and no task has. */
  readonly unknown: readonly string[];
  /** The task that it is a part of. */
  readonly parent: number | undefined;
  /** Which rule of docs/speckit.md made it a task. */
  readonly rule: 'task' | 'task-heading' | 'task-line' | 'task-row' | 'task-without-id';
}

/** A place in the list where all before it shall be looked at. */
export interface Checkpoint {
  readonly text: string;
  readonly phase: Part | undefined;
  readonly line: number;
}

/** What looks like a task and is none. */
export interface Remark {
  readonly lines: Lines;
  readonly text: string;
  readonly rule: 'check-list' | 'named-again';
  readonly why: string;
}

export interface TaskList {
  readonly title: string | undefined;
  readonly tasks: readonly Task[];
  readonly checkpoints: readonly Checkpoint[];
  readonly remarks: readonly Remark[];
  /** What a section on dependencies says, with the line where it stands. */
  readonly edges: readonly { readonly before: number; readonly after: number; readonly line: number }[];
}
