import { z } from 'zod';
import type { CallContext, CheckResult, VerifierKind } from '#ir/calls.js';
import { PLACE, sendsAsSaid } from '#sandbox/destinations.js';
import type { Keeper } from '#sandbox/keeper.js';
import { sessionSchema, sessionStart } from '#sandbox/session.js';
import { workspaceFolder } from '#sandbox/workspace.js';
import { type Command, commandEvidence, interruption, runCommand } from './command.js';
import { verifierKind } from './config.js';
import { capText, inconclusive, inWords } from './evidence.js';
import { poll, pollFields } from './poll.js';

const text = z.string().refine((value) => !value.includes('\0'), 'a NUL cannot be passed to a program');

const place = z.string().regex(PLACE, 'a place is written HOST:PORT');

const configSchema = z
  .strictObject({
    /** A script; values reach it through `env`. */
    run: text.min(1).max(100_000).optional(),
    argv: z.tuple([text.min(1)], text).optional(),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.union([text, z.number(), z.boolean()])).default({}),
    /** Relative to the workspace. */
    cwd: text.default('.'),
    /** Goes on where the step left the session (bash, in the session's folder). */
    session: sessionSchema.optional(),
    /** As in the shell tool. */
    sendsTo: z.union([place, z.array(place).min(1).max(20)]).optional(),
    exitCode: z.int().min(0).max(255).default(0),
    stdoutContains: z.string().min(1).optional(),
    /** As a word or a number of its own: 3 is not in 13. */
    wholeWord: z.boolean().default(false),
    ...pollFields,
  })
  .refine((config) => (config.run === undefined) !== (config.argv === undefined), {
    message: 'give either run or argv',
    path: ['run'],
  })
  .refine((config) => !config.wholeWord || config.stdoutContains !== undefined, {
    message: 'says how stdoutContains is meant, which is not there',
    path: ['wholeWord'],
  })
  .refine((config) => config.session === undefined || config.run !== undefined, {
    message: 'only a script (run) has a session',
    path: ['session'],
  });
type Config = z.output<typeof configSchema>;

/** Runs a command in the workspace and compares its exit code and what it prints. */
export function shellKind(keeper?: Keeper): VerifierKind {
  return verifierKind({
    contract: {
      kind: 'shell',
      summary: 'A command exits and prints as expected.',
      literal: ['run'],
      sends: sendsAsSaid,
      subject: () => 'outside',
      expectation: ['stdoutContains'],
    },
    config: configSchema,
    check: (config, { phase }, context) =>
      poll((signal) => look(config, { context, signal, keeper }), config, { phase, context }),
  });
}

interface Call {
  readonly context: CallContext;
  readonly signal: AbortSignal;
  readonly keeper: Keeper | undefined;
}

/** The session's state comes by stdin: it may be longer than an argument can be. */
const RESTORED = '. /dev/stdin\nexec </dev/null\n';

async function commandOf(
  config: Config,
  { runFolder, isolation }: CallContext,
): Promise<Pick<Command, 'argv' | 'stdin'>> {
  const { session, run = '' } = config;
  if (config.argv !== undefined) return { argv: config.argv };
  if (session === undefined) return { argv: ['/bin/sh', '-eu', '-c', run] };
  const place = { ...session, after: true };
  const stdin = await sessionStart({ runFolder, place, isolation, given: new Set(Object.keys(config.env)) }, run);
  return { argv: ['bash', '--noprofile', '--norc', '-euo', 'pipefail', '-c', RESTORED + run], stdin };
}

async function look(config: Config, { context, signal, keeper }: Call): Promise<CheckResult> {
  const own = Object.entries(config.env).map(([name, value]) => [name, String(value)]);
  const cwd = await workspaceFolder(context.workspace, config.cwd);
  const end = await runCommand(
    { ...(await commandOf(config, context)), cwd, env: { ...context.env, ...Object.fromEntries(own) }, signal },
    context,
    keeper,
  );
  const evidence = { ...commandEvidence(end), stdout: capText(end.stdout), stderr: capText(end.stderr) };
  const interrupted = interruption(end, signal);
  if (interrupted) return inconclusive(interrupted, evidence);
  const { ended, message, exitCode, stdout } = end;
  if (ended === 'not-started') return { passed: false, summary: message ?? 'It did not start', evidence };
  if (exitCode !== config.exitCode)
    return {
      passed: false,
      summary: `The exit code is ${exitCode ?? end.killedBy}, expected ${config.exitCode}`,
      evidence,
    };
  const { stdoutContains, wholeWord } = config;
  if (stdoutContains !== undefined && !holds(stdout, stdoutContains, wholeWord)) {
    const summary = `The output does not contain ${inWords(stdoutContains)}${wholeWord ? ' as a word of its own' : ''}`;
    return { passed: false, summary, evidence };
  }
  return { passed: true, summary: `It exited with ${exitCode} as expected`, evidence };
}

function holds(output: string, text: string, wholeWord: boolean): boolean {
  if (!wholeWord) return output.includes(text);
  for (let at = output.indexOf(text); at >= 0; at = output.indexOf(text, at + 1)) {
    const end = at + text.length;
    if (!isWithinWord(output, at) && !isWithinWord(output, end)) return true;
  }
  return false;
}

/** Whether a place is one within a word, or within a number: 2|.5, 2.|5, -|3. */
function isWithinWord(text: string, at: number): boolean {
  const [before, after] = [text.slice(Math.max(0, at - 2), at), text.slice(at, at + 2)];
  if (/[\p{L}\p{N}_]$/u.test(before) && /^[\p{L}\p{N}_]/u.test(after)) return true;
  const isSigned = /(?:^|[^\p{L}\p{N}_])-$/u.test(before);
  return (/^\d/.test(after) && (isSigned || /\d[.,]$/.test(before))) || (/\d$/.test(before) && /^[.,]\d/.test(after));
}
