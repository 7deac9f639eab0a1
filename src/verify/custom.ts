import { z } from 'zod';
import type { CallContext, CheckInput, CheckResult, VerifierKind } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';
import { deadline } from '#sandbox/deadline.js';
import type { Keeper } from '#sandbox/keeper.js';
import { workspaceFolder } from '#sandbox/workspace.js';
import { type Command, commandEvidence, interruption, runCommand } from './command.js';
import { verifierKind } from './config.js';
import { capJson, capText, inconclusive } from './evidence.js';
import { SINGLE_LOOK_MS } from './poll.js';

const text = z.string().refine((value) => !value.includes('\0'), 'a NUL cannot be passed to a program');

const configSchema = z
  .strictObject({
    argv: z.tuple([text.min(1)], text).optional(),
    /** A JavaScript module, relative to the workspace, run by Node. */
    module: text.min(1).optional(),
    /** Handed to the verifier as `config`. */
    config: (z.json() as z.ZodType<JsonValue>).default({}),
  })
  .refine((config) => (config.argv === undefined) !== (config.module === undefined), {
    message: 'give either argv or module',
    path: ['argv'],
  });
type Config = z.output<typeof configSchema>;

/** What the last line of its output must be. */
const answerSchema = z.object({
  passed: z.boolean(),
  summary: z.string().min(1),
  evidence: (z.json() as z.ZodType<JsonValue>).default(null),
});

/** Nothing else of the environment is handed on: it may hold what the step was given, and a verifier needs none of it. */
const HANDED_ON = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ', 'OPSROOM_RUN_ID', 'OPSROOM_STEP_ID'];

/**
 * Asks a program. It gets `{ config, output, run }` as JSON on stdin and prints `{ passed, summary, evidence }` as the last
 * line of stdout. Anything else (another exit code than 0, no such line, no end) is not a pass.
 */
export function customKind(keeper?: Keeper): VerifierKind {
  return verifierKind({
    contract: {
      kind: 'custom',
      summary: 'A program of the plan judges.',
      literal: ['argv', 'module'],
      subject: () => 'outside',
      // The program may ignore its config.
      expectation: [],
    },
    config: configSchema,
    check: (config, input, context) => ask(config, input, { context, keeper }),
  });
}

async function ask(
  config: Config,
  input: CheckInput,
  { context, keeper }: { context: CallContext; keeper: Keeper | undefined },
): Promise<CheckResult> {
  const ms = input.phase === 'verdict' ? context.timeoutMs : Math.min(SINGLE_LOOK_MS, context.timeoutMs);
  const signal = deadline(context.signal, ms);
  const end = await runCommand(await command(config, input, { context, signal }), context, keeper);
  const evidence = { ...commandEvidence(end), stdout: capText(end.stdout), stderr: capText(end.stderr) };
  const interrupted = interruption(end, signal);
  if (interrupted) return inconclusive(interrupted, evidence);
  if (end.ended === 'not-started') return inconclusive(end.message ?? 'The verifier did not start', evidence);
  if (end.exitCode !== 0)
    return inconclusive(`The verifier ended with ${end.exitCode ?? end.killedBy} instead of 0`, evidence);
  const answer = answerOf(end.stdout);
  if (!answer)
    return inconclusive('The verifier did not print {"passed", "summary", "evidence"} as its last line', evidence);
  return { passed: answer.passed, summary: capText(answer.summary, 500), evidence: capJson(answer.evidence) };
}

async function command(
  config: Config,
  input: CheckInput,
  { context, signal }: { context: CallContext; signal: AbortSignal },
): Promise<Command> {
  const { runId, stepId, item, revision, attempt } = context.id;
  const stdin = JSON.stringify({
    config: config.config,
    output: input.output ?? null,
    run: { runId, stepId, item, revision, attempt, phase: input.phase },
  });
  const env = Object.fromEntries(
    HANDED_ON.flatMap((name) => (context.env[name] === undefined ? [] : [[name, context.env[name]]])),
  );
  const cwd = await workspaceFolder(context.workspace, '.');
  const argv: Command['argv'] = config.argv ?? [
    process.execPath,
    await workspaceFolder(context.workspace, config.module ?? ''),
  ];
  return { argv, cwd, env, stdin, signal };
}

function answerOf(stdout: string): z.output<typeof answerSchema> | undefined {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return answerSchema.safeParse(JSON.parse(last)).data;
  } catch {
    return undefined;
  }
}
