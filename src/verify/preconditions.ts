import type { CallContext, CheckResult, VerifierKind } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import type { Precondition, Verifier } from '#ir/plan.js';
import { findProgram } from '#sandbox/program.js';
import { commandPath } from './command.js';
import { installedProgram, installMend, splitName } from './precondition-names.js';

/** What a precondition asks of the room, beside what it finds itself. */
export interface PreconditionFacts {
  readonly kinds: ReadonlyMap<Verifier['kind'], VerifierKind>;
  hasSecret(name: string): boolean | Promise<boolean>;
}

export interface PreconditionResult {
  readonly id: string;
  readonly ok: boolean;
  /** What is missing and how to get it; both undefined when ok. */
  readonly missing?: string;
  readonly mend?: string;
}

/** Checks one precondition with one look. Never rejects: what cannot be checked does not hold. */
export async function checkPrecondition(
  precondition: Precondition,
  context: CallContext,
  facts: PreconditionFacts,
): Promise<PreconditionResult> {
  if (typeof precondition !== 'string') return checkInline(precondition, context, facts);
  try {
    const lack = await lackOf(precondition, context, facts);
    return { id: precondition, ok: lack === undefined, ...lack };
  } catch (error) {
    return {
      id: precondition,
      ok: false,
      missing: `${precondition} could not be checked: ${String(error)}`,
      mend: 'Correct the precondition.',
    };
  }
}

async function checkInline(
  inline: Exclude<Precondition, string>,
  context: CallContext,
  facts: PreconditionFacts,
): Promise<PreconditionResult> {
  const { id, kind, config, description, mend } = inline;
  const found = await look(kind, config, context, facts);
  if (found.passed) return { id, ok: true };
  const missing = description === undefined ? found.summary : `${description}: ${found.summary}`;
  return { id, ok: false, missing, mend: mend ?? 'Make it so, then go on with `opsroom resume RUN`.' };
}

async function look(
  kind: Verifier['kind'],
  config: JsonObject,
  context: CallContext,
  facts: PreconditionFacts,
): Promise<CheckResult> {
  const found = facts.kinds.get(kind);
  if (!found) throw new Error(`there is no verifier of kind ${kind}`);
  return found.check({ config, output: undefined, startedAt: undefined, phase: 'precondition' }, context);
}

interface Lack {
  readonly missing: string;
  readonly mend: string;
}

async function lackOf(name: string, context: CallContext, facts: PreconditionFacts): Promise<Lack | undefined> {
  const split = splitName(name);
  if (split) return lackOfPrefixed(split, context, facts);
  if (name === 'docker_running') return dockerLack(context, facts);
  if (name === 'github_token_set') return githubTokenLack(context, facts);
  const program = installedProgram(name);
  if (program !== undefined) return programLack(program, context);
  return {
    missing: `The precondition "${name}" is not known`,
    mend: 'See docs/plans.md for the names, or write an inline check.',
  };
}

async function lackOfPrefixed(
  { prefix, rest }: { prefix: string; rest: string },
  context: CallContext,
  facts: PreconditionFacts,
): Promise<Lack | undefined> {
  switch (prefix) {
    case 'env':
      return context.env[rest]
        ? undefined
        : {
            missing: `The environment variable ${rest} is not set for this step`,
            mend: `Set ${rest} where the worker starts, and allow steps to see it.`,
          };
    case 'secret':
      return (await facts.hasSecret(rest)) ? undefined : secretLack(rest);
    case 'command':
      return programLack(rest, context);
    case 'file': {
      const found = await look('file', { path: rest }, context, facts);
      return found.passed ? undefined : { missing: found.summary, mend: `Create ${rest} in the workspace.` };
    }
    default: {
      const found = await look('http', { url: rest, expectedStatus: REACHABLE }, context, facts);
      return found.passed
        ? undefined
        : { missing: `${rest}: ${found.summary}`, mend: 'Start what should answer there, or correct the address.' };
    }
  }
}

/** Any answer that is not an error shows that somebody is there. */
const REACHABLE = [200, 201, 202, 203, 204, 205, 206];

function secretLack(name: string): Lack {
  return {
    missing: `The secret ${name} is not set`,
    mend: `Set it with \`opsroom secrets set ${name}\`, or as OPSROOM_SECRET_${name} where the worker starts.`,
  };
}

function programLack(program: string, context: CallContext): Lack | undefined {
  const found = findProgram(program, { path: commandPath(context), cwd: context.workspace });
  return found === undefined
    ? { missing: `The program ${program} is not installed`, mend: installMend(program) }
    : undefined;
}

async function dockerLack(context: CallContext, facts: PreconditionFacts): Promise<Lack | undefined> {
  const absent = programLack('docker', context);
  if (absent) return absent;
  // Asks the daemon: without one the client prints its own version and exits with 1.
  const found = await look('shell', { argv: ['docker', 'version', '--format', '{{.Server.Version}}'] }, context, facts);
  return found.passed
    ? undefined
    : {
        missing: 'Docker is installed, but its daemon does not answer',
        mend: 'Start Docker (`systemctl start docker`, or Docker Desktop), and let this user reach its socket.',
      };
}

async function githubTokenLack(context: CallContext, facts: PreconditionFacts): Promise<Lack | undefined> {
  const names = ['GITHUB_TOKEN', 'GH_TOKEN'];
  if (names.some((name) => context.env[name])) return undefined;
  for (const name of names) if (await facts.hasSecret(name)) return undefined;
  return {
    missing: 'There is no GitHub token',
    mend: 'Create one at https://github.com/settings/tokens and set it as the secret GITHUB_TOKEN.',
  };
}
