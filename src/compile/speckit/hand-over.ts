import type { JsonObject } from '#ir/json.js';
import { literal } from '../runbook/assemble-inputs.js';
import { madeFiles } from './paths.js';
import type { Task } from './task.js';

/**
 * Who does the tasks: a person (undefined), a coding agent, or a program, which gets the task as environment variables and on
 * its standard input. The program is named by its words, which no shell reads.
 */
export type Doer = { readonly agent: true } | { readonly argv: readonly [string, ...string[]] } | undefined;

/** What a doer is told of one task. */
export interface Assignment {
  readonly task: Task;
  /** How it is called by people: its id, or the line it stands at. */
  readonly name: string;
  /** Paths of the documents to read first. */
  readonly context: readonly string[];
}

/** The longest prompt: a program takes no variable of 128 KiB. */
const MOST_PROMPT = 60_000;

/** The body of the step that does a task: no id, no title, no order among the others. */
export function taskStep(assignment: Assignment, doer: Doer): JsonObject {
  if (doer === undefined) return manualStep(taskWords(assignment));
  const prompt = promptOf(assignment);
  if ('agent' in doer) return agentStep(prompt, assignment);
  return { ...commandStep(prompt, assignment, doer.argv), verifiers: verifiersOf(assignment.task) };
}

/** A step that a person does and says so. */
export function manualStep(instructions: string): JsonObject {
  return { kind: 'system', action: 'manual', args: { instructions: literal(instructions) } };
}

/** Hands a task to the tool `agent`, which works in a clone: the files of the workspace say nothing about what it did. */
function agentStep(prompt: string, { task, name }: Assignment): JsonObject {
  const message = `${name} ${task.text}`.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return { tool: 'agent', args: { preset: 'claude-code', prompt: literal(prompt), message: literal(message) } };
}

function commandStep(prompt: string, { task, name }: Assignment, argv: readonly string[]): JsonObject {
  const env = {
    OPSROOM_TASK: prompt,
    OPSROOM_TASK_ID: task.id ?? name,
    OPSROOM_TASK_TITLE: task.text.slice(0, 2000),
    OPSROOM_TASK_PHASE: task.phase?.heading.slice(0, 500) ?? '',
    OPSROOM_TASK_STORY: task.stories.join(','),
    OPSROOM_TASK_FILES: task.paths.join('\n'),
  };
  const escaped = Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, literal(value)]));
  return { tool: 'shell', args: { argv: argv.map(literal), env: escaped, stdin: literal(prompt) } };
}

/** Files that the task is to make must be there, and be written by this step. */
function verifiersOf(task: Task): JsonObject[] {
  return madeFiles(task.text, task.paths).map((path, index) => ({
    id: `file-${index + 1}`,
    kind: 'file',
    config: { path: literal(path), newerThanStep: true },
    required: true,
  }));
}

function taskWords({ task }: Assignment): string {
  const words = [task.text || task.id || 'Do what the task list says here.', task.details];
  return words.filter((text) => text !== '').join('\n');
}

function promptOf(assignment: Assignment): string {
  const { task, name, context } = assignment;
  const parts = [
    `Do one task of a task list, and nothing beyond it: ${name}.`,
    taskWords(assignment),
    ...(task.phase === undefined ? [] : [`Phase: ${task.phase.heading}`]),
    ...(task.stories.length === 0 ? [] : [`Story: ${task.stories.join(', ')}`]),
    ...(task.paths.length === 0 ? [] : [`Files it names:\n${task.paths.map((path) => `- ${path}`).join('\n')}`]),
    ...(context.length === 0 ? [] : [`Read first:\n${context.map((path) => `- ${path}`).join('\n')}`]),
  ];
  return parts.join('\n\n').slice(0, MOST_PROMPT);
}
