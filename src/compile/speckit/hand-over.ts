import type { JsonObject } from '#ir/json.js';
import { literal } from '../literal.js';
import type { AgentPreset } from './agents.js';
import { madeFiles } from './made-files.js';
import type { Task } from './task.js';

/**
 * Who does the tasks: a person (undefined), a coding agent, or a program, which gets the task as environment variables and on
 * its standard input. The program is named by its words, which no shell reads.
 */
export type Doer =
  | { readonly agent: true; readonly preset?: AgentPreset | undefined }
  | { readonly argv: readonly [string, ...string[]] }
  | undefined;

/** What a doer is told of one task. */
export interface Assignment {
  readonly task: Task;
  /** How it is called by people: its id, or the line it stands at. */
  readonly name: string;
  /** Paths of the documents to read first. */
  readonly context: readonly string[];
}

/** What a task is judged by, and begins from, beyond its own words. */
export interface Terms {
  /** A program that must end with exit code 0 once the task is done. */
  readonly check: readonly [string, ...string[]] | undefined;
  /** The branch that an agent begins from; by default what is checked out. */
  readonly base: string | undefined;
}

/** The longest prompt: a program takes no variable of 128 KiB. */
const MOST_PROMPT = 60_000;

/** A program works at a task for long, and its check may too. */
const TASK_MS = 3_600_000;

/** The body of the step that does a task: no id, no title, no order among the others. */
export function taskStep(assignment: Assignment, doer: Doer, { check, base }: Terms): JsonObject {
  if (doer === undefined) return manualStep(taskWords(assignment));
  const cwd = 'agent' in doer ? '{{ output.result }}' : undefined;
  const checks = check === undefined ? [] : [checkOf(check, cwd)];
  const prompt = promptOf(assignment);
  if ('agent' in doer) {
    const { args, ...step } = agentStep(prompt, assignment, doer.preset);
    return { ...step, args: { ...args, ...(base === undefined ? {} : { base }) }, verifiers: checks };
  }
  return { ...commandStep(prompt, assignment, doer.argv), verifiers: [...verifiersOf(assignment.task), ...checks] };
}

/** A step that a person does and says so. */
export function manualStep(instructions: string): JsonObject {
  return { kind: 'system', action: 'manual', args: { instructions: literal(instructions) } };
}

/** Hands a task to the tool `agent`, which works in a clone: the files of the workspace say nothing about what it did. */
function agentStep(
  prompt: string,
  { task, name }: Assignment,
  preset: AgentPreset = 'claude-code',
): { args: JsonObject } & JsonObject {
  const message = `${name} ${task.text}`.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return { tool: 'agent', args: { preset, prompt: literal(prompt), message: literal(message) }, timeoutMs: TASK_MS };
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
  return { tool: 'shell', args: { argv: argv.map(literal), env: escaped, stdin: literal(prompt) }, timeoutMs: TASK_MS };
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

/** @param cwd where the files are that an agent leaves; by default they are in the workspace */
function checkOf(argv: readonly string[], cwd: string | undefined): JsonObject {
  return {
    id: 'check',
    kind: 'shell',
    config: { argv: argv.map(literal), ...(cwd === undefined ? {} : { cwd }) },
    required: true,
  };
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
