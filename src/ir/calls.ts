import type { z } from 'zod';
import type { Destination } from '#kit/hosts.js';
import type { JsonObject, JsonValue } from './json.js';
import type { IsolationLevel, Verifier } from './plan.js';
import type { Answer, Question } from './question.js';

/** One attempt of one step: what a result, a log and a proof are filed under. `item` is -1 outside a forEach. */
export interface AttemptId {
  readonly org: string;
  readonly runId: string;
  readonly stepId: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
}

/** What a tool must know of a person before it can go on. */
export interface Asked {
  readonly question: Question;
  /** What the tool goes on from when it is called again; nobody else reads it. */
  readonly resume?: JsonObject;
}

export interface Answered extends Asked {
  readonly answer: Answer;
}

/** What tools and verifiers are given beside their arguments. They never fetch credentials or settings themselves. */
export interface CallContext {
  readonly id: AttemptId;
  /** `runId:stepId:item:revision`; the same over attempts, so that the far side can tell a repetition. */
  readonly idempotencyKey: string;
  /** Absolute path of the working directory. */
  readonly workspace: string;
  /** Absolute path of a folder for what the steps of the run share, out of their sight; it need not exist yet. */
  readonly runFolder: string;
  /** The whole environment for child processes (an allowlist, made by the engine); nothing of process.env is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted on cancel, timeout or a lost lease; `signal.reason` is an OpsroomError. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly isolation: { readonly level: IsolationLevel; readonly network: boolean };
  /** See `target.allowAddresses` in the plan. */
  readonly allowAddresses: readonly string[];
  /**
   * Asked before what the call was given is sent to a place that its arguments do not name: where a redirect leads, where a registered
   * server is. Left out where it was given no secrets. @throws OpsroomError SECRET_DESTINATION
   */
  readonly mayReach?: (to: Destination) => Promise<void>;
  /** The step promised to change nothing. */
  readonly readOnly: boolean;
  /** What people have answered to what earlier attempts of this step asked, the oldest first. */
  readonly answers?: readonly Answered[];
  /** Whether a text holds a secret of the room: such text may be kept nowhere. */
  holdsSecret(text: string): boolean;
  /** A value as it is kept and shown: without the secrets of the room. Left out: it holds none. */
  readonly shown?: <T extends JsonValue>(value: T) => T;
  /** Receives output as it comes. The receiver masks secrets and decodes; chunks may split characters. */
  log(stream: 'out' | 'err', chunk: Uint8Array): void;
}

/** `ok` says what the tool itself believes; only verifiers say whether the step did its work. */
export interface ToolResult {
  readonly ok: boolean;
  readonly output: JsonValue;
  /** Set when not ok. `retryable: false` stops retries (a 400, a missing program). */
  readonly error?: { readonly code: string; readonly message: string; readonly retryable?: boolean };
  readonly retryAfterMs?: number;
  /** Set when not ok, and a person can help: the step waits for an answer, and is then called again. */
  readonly asks?: Asked;
  /** The level that was reached, not the one that was asked for. */
  readonly isolation: IsolationLevel;
  /** Files returned by the tool, beside those that the step declares. */
  readonly artefacts?: readonly { readonly name: string; readonly path: string }[];
}

/** Where a call sends what it is given, over a network. */
export interface Sending {
  /** Members of the arguments that decide it. */
  readonly from: readonly string[];
  /** As rendered arguments say, which may be wrong. @throws OpsroomError for a place that is none */
  to(args: JsonObject): readonly Destination[];
}

/** What the compiler and the documentation need to know of a tool; the arguments are validated after rendering. */
export interface ToolContract {
  readonly id: string;
  readonly summary: string;
  readonly defaultAction: string;
  readonly actions: readonly string[];
  readonly args: z.ZodType<JsonObject>;
  /** Argument paths (`run`, `script`) in which `{{ }}` is refused: text that some interpreter would read. */
  readonly literal: readonly string[];
  /** Whether the call leaves something for later steps that no verifier sees: then verifiers cannot prove an attempt that was cut short. */
  leavesUnseen?(args: JsonObject): boolean;
  /** What a call with these arguments is called where calls are allowed, limited and recorded (`mcp:github:create_pr`); without it, the tool's id. */
  callName?(args: JsonObject): string | undefined;
  /** Left out by what sends nothing by itself. */
  readonly sends?: Sending;
  /** Whether these arguments change nothing (an http GET, a select), when the step does not say. */
  isReadOnly(action: string, args: JsonObject): boolean;
}

export interface Tool {
  readonly contract: ToolContract;
  /** Rejects only for mistakes of its own; a failure of the outside world is a result that is not ok. */
  run(action: string, args: JsonObject, context: CallContext): Promise<ToolResult>;
  /** Of a tool that can leave something running when its step is done. */
  readonly holding?: Holding;
}

/**
 * What a tool holds in this process for runs: servers and watchers that outlive their steps. The engine ends it with the run, and
 * calls the tool again where the run goes on in another process.
 */
export interface Holding {
  /** Whether a done step with this action has left something running. */
  leaves(action: string): boolean;
  /** Whether what the step has left runs here. */
  holds(id: AttemptId): boolean;
  /** Runs that something runs for here. */
  runs(): string[];
  /** Ends all that was left running for a run; resolves when nothing of it runs any more. */
  letGo(runId: string): Promise<void>;
}

/** Where a verifier looks: `outside` (the world), or `output` (what the tool said, passed in `CheckInput.output`). */
export interface VerifierContract {
  readonly kind: Verifier['kind'];
  readonly summary: string;
  readonly config: z.ZodType<JsonObject>;
  readonly literal: readonly string[];
  subject(config: JsonObject): 'outside' | 'output';
  /** Left out by what sends nothing by itself. */
  readonly sends?: Sending;
  /** Config paths that the world's answer is compared with (`json`, `sha256`), as opposed to where and how to look. */
  readonly expectation: readonly string[];
}

export interface CheckInput {
  readonly config: JsonObject;
  /** The output of the tool; undefined at the baseline. */
  readonly output: JsonValue | undefined;
  /** When the attempt started, by the clock that stamps this machine's files (for `newerThanStep`); undefined at the baseline: nothing is newer than what has not begun. */
  readonly startedAt: Date | undefined;
  /** `baseline`: one look, no polling, before the tool runs. `verdict`: afterwards, polling as the config says (`withinMs`). */
  readonly phase: 'baseline' | 'verdict' | 'precondition';
}

/** What one look at the world found. Evidence is JSON, capped by the verifier; the engine masks secrets in it. */
export interface CheckResult {
  readonly passed: boolean;
  /** One sentence for people: what was expected and what was found. */
  readonly summary: string;
  readonly evidence: JsonValue;
  /** The look itself failed (timed out, refused, cancelled), so nothing was found. As a baseline that is `unknown`, never `failed`. */
  readonly inconclusive?: boolean;
}

export interface VerifierKind {
  readonly contract: VerifierContract;
  /** Resolves with passed: false when the check could not be made (unreachable, timed out); never rejects for that. */
  check(input: CheckInput, context: CallContext): Promise<CheckResult>;
}
