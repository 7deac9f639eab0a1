import { z } from 'zod';
import type { CallContext, CheckInput, CheckResult, VerifierKind } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { type Clock, systemClock } from '#kit/clock.js';
import { deadline } from '#sandbox/deadline.js';
import { sendsToUrl } from '#sandbox/destinations.js';
import { verifierKind } from './config.js';
import { capText, inconclusive } from './evidence.js';
import { SINGLE_LOOK_MS } from './poll.js';

/** A gate of a continuous integration: what is asked, and where. */
export interface GateAsked {
  readonly baseUrl: string;
  readonly token: string;
  readonly repo: string;
  readonly workflow: string;
  readonly ref: string;
  readonly conclusions: readonly string[];
  readonly logLines: number;
  readonly allowAddresses: readonly string[];
}

export type GateSeen =
  | { readonly state: 'none' | 'running' | 'green' | 'red'; readonly summary: string; readonly evidence: JsonObject }
  | { readonly state: 'away'; readonly summary: string; readonly isFinal: boolean; readonly retryAfterMs?: number };

/** What the gate needs of an integration; supplied where the room is put together. */
export interface Gates {
  readonly repo: RegExp;
  /** One look. Never rejects. */
  look(asked: GateAsked, signal: AbortSignal): Promise<GateSeen>;
  /** Resolves when the repository has news, when the time is over, or when the signal aborts. */
  news(repo: string, ms: number, signal: AbortSignal): Promise<void>;
}

const SLOWER = 1.5;
const SLOWEST_MS = 60_000;

const GITHUB = 'https://api.github.com';

const configSchema = (repo: RegExp) =>
  z
    .strictObject({
      /** `owner/name`. */
      repo: z.string().regex(repo, 'a repository is written owner/name'),
      /** The file name of the workflow below .github/workflows. */
      workflow: z.string().regex(/^[A-Za-z0-9._-]{1,200}\.ya?ml$/, 'the file name of a workflow, such as ci.yml'),
      sha: z
        .string()
        .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'a full commit SHA')
        .optional(),
      /** A branch, a tag or a short SHA; looked up at each look. */
      ref: z.string().min(1).max(255).optional(),
      token: z.string().min(1),
      /** Of a GitHub Enterprise Server: `https://HOST/api/v3`. */
      baseUrl: z.url({ protocol: /^https?$/ }).default(GITHUB),
      conclusions: z
        .array(z.enum(['success', 'neutral', 'skipped']))
        .min(1)
        .default(['success']),
      logLines: z.int().min(1).max(500).default(50),
      withinMs: z.int().min(0).max(86_400_000).default(1_800_000),
      intervalMs: z.int().min(50).max(3_600_000).default(10_000),
    })
    .refine((config) => (config.sha === undefined) !== (config.ref === undefined), {
      message: 'give either sha or ref',
      path: ['sha'],
    });
type Config = z.output<ReturnType<typeof configSchema>>;

/** Waits for a GitHub Actions run of a commit: green passes, red fails at once, with the failed job and the end of its log. */
export function ciGateKind(gates: Gates, clock: Clock = systemClock): VerifierKind {
  return verifierKind({
    contract: {
      kind: 'ci_gate',
      summary: 'A GitHub Actions run of a commit ended well.',
      literal: [],
      sends: sendsToUrl('baseUrl', GITHUB),
      subject: () => 'outside',
      expectation: ['sha'],
    },
    config: configSchema(gates.repo),
    check: (config, input, context) => watch(config, { gates, clock, phase: input.phase, context }),
  });
}

interface Watch {
  readonly gates: Gates;
  readonly clock: Clock;
  readonly phase: CheckInput['phase'];
  readonly context: CallContext;
}

async function watch(config: Config, { gates, clock, phase, context }: Watch): Promise<CheckResult> {
  const { sha, ref = '', withinMs, ...rest } = config;
  const asked: GateAsked = { ...rest, ref: sha ?? ref, allowAddresses: context.allowAddresses };
  const isVerdict = phase === 'verdict';
  const limit = isVerdict ? context.timeoutMs : Math.min(SINGLE_LOOK_MS, context.timeoutMs);
  const signal = deadline(context.signal, limit);
  const end = clock.monotonicMs() + (isVerdict ? Math.min(withinMs, context.timeoutMs) : 0);
  for (let wait = config.intervalMs; ; wait = Math.min(wait * SLOWER, Math.max(SLOWEST_MS, config.intervalMs))) {
    const seen = await gates.look(asked, signal);
    const pause = Math.max(wait, (seen.state === 'away' ? seen.retryAfterMs : undefined) ?? 0);
    const left = end - clock.monotonicMs();
    // A wait that GitHub asks for and that outlasts ours would end without another look.
    if (isSettled(seen) || left <= 0 || signal.aborted || (seen.state === 'away' && pause > left))
      return resultOf(seen, asked);
    await gates.news(asked.repo, Math.min(pause, left), signal);
  }
}

function isSettled(seen: GateSeen): boolean {
  return seen.state === 'green' || seen.state === 'red' || (seen.state === 'away' && seen.isFinal);
}

function resultOf(seen: GateSeen, { repo, workflow, ref }: GateAsked): CheckResult {
  const summary = capText(seen.summary, 500);
  if (seen.state === 'away') return inconclusive(summary, { repo, workflow, ref });
  const { log, ...evidence } = seen.evidence;
  const kept = typeof log === 'string' ? { ...evidence, log: lastOf(log) } : evidence;
  return { passed: seen.state === 'green', summary, evidence: kept };
}

const LOG_CAP = 16 * 1024;

/** Of a log the end says why. */
function lastOf(log: string): string {
  return log.length <= LOG_CAP ? log : `[…]${log.slice(-LOG_CAP).replace(/^[\uDC00-\uDFFF]/, '')}`;
}
