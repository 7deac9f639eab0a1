import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { PRESETS } from './presets.js';

const text = z.string().refine((value) => !value.includes('\0'), 'a NUL cannot be passed to a program');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not the name of an environment variable');
/** What git takes for a name, and nothing that it takes for an option or an expression. */
const revision = z
  .string()
  .max(255)
  .regex(/^(?!-)(?!.*\.\.)(?!.*@\{)[^\s~^:?*[\\\u0000-\u001f\u007f]+$/, 'the name of a branch, a tag or a commit');
const branch = revision.refine(
  (name) => !/(^|\/)\.|\.lock(\/|$)|\/\/|\/$|^\/|\.$|^HEAD$|^refs\//.test(name),
  'the name of a branch',
);
const MOST_PROMPT = 1024 * 1024;

/** Arguments of the agent tool, after rendering. */
export const agentArgsSchema = z.strictObject({
  /** A git repository of the workspace, with the commit to begin from. */
  repository: text.min(1).default('.'),
  base: revision.default('HEAD'),
  /** Which agent: one that is known, or a program that reads its task from its standard input. */
  preset: z.enum(PRESETS).optional(),
  argv: z.tuple([text.min(1)], text).optional(),
  /** Further arguments of a preset, such as the model. */
  options: z.array(text).max(50).default([]),
  prompt: text.min(1).max(MOST_PROMPT).optional(),
  env: z.record(variable, z.union([text, z.number(), z.boolean()])).default({}),
  /** Files and folders (`src/`) that may change; default: all. */
  allowedPaths: z
    .array(text.regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/, 'a path inside the repository'))
    .min(1)
    .optional(),
  /** The agent is ended when it says that it has used more. */
  budget: z.strictObject({ usd: z.number().positive().optional(), tokens: z.int().positive().optional() }).optional(),
  /** Subject of the commit. */
  message: text.min(1).max(500).optional(),
  maxDiffBytes: z
    .int()
    .min(1)
    .max(64 * 1024 * 1024)
    .default(4 * 1024 * 1024),
  /** Of the action `apply`: the step whose commit is taken, that commit, and the branch that it goes to. */
  from: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_/-]{0,199}$/)
    .optional(),
  head: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'a full commit SHA')
    .optional(),
  branch: branch.optional(),
});

export type AgentArgs = z.output<typeof agentArgsSchema>;

export interface Task {
  readonly prompt: string;
  readonly message: string;
}

/** What the agent is to do. Throws ARGUMENT_INVALID. */
export function taskOf({ prompt, preset, argv, message }: AgentArgs): Task {
  if (prompt === undefined) throw wrong('prompt: the agent needs a task');
  if ((preset === undefined) === (argv === undefined)) throw wrong('argv: give either preset or argv');
  return { prompt, message: message ?? 'Change made by an agent' };
}

export interface Applying {
  readonly from: string;
  readonly head: string;
  readonly branch: string;
}

/** What is to be applied. Throws ARGUMENT_INVALID. */
export function applyingOf({ from, head, branch: to }: AgentArgs): Applying {
  if (from === undefined || head === undefined || to === undefined)
    throw wrong('from, head, branch: the action apply needs the step, its commit and the branch');
  return { from, head, branch: to };
}

const wrong = (what: string) => new OpsroomError('ARGUMENT_INVALID', { what });
