import type { AttemptId, CallContext, Tool, VerifierKind } from '#ir/calls.js';
import type { JsonSchema, JsonValue } from '#ir/json.js';
import type { Precondition, Step, Target } from '#ir/plan.js';
import type { ArtefactRef, ChainLink, ProofBody } from '#ir/proof.js';
import type { Clock } from '#kit/clock.js';
import type { Destination } from '#kit/hosts.js';
import type { Mask } from '#observe/redact.js';

export interface PreconditionVerdict {
  readonly ok: boolean;
  readonly missing: string;
  readonly mend: string;
}

/** The secrets of a run by name, and the mask made of all that the room has. */
export interface RunSecrets {
  readonly values: Readonly<Record<string, string>>;
  readonly mask: Mask;
  /** Notes that a step is given these, once for each step. Names that stand for nothing are passed over. */
  note(step: Pick<AttemptId, 'runId' | 'stepId'>, names: Iterable<string>): Promise<void>;
  /** Whether a secret may go to some hosts only. */
  isBound(name: string): boolean;
  /**
   * Refuses to send secrets to a place that they are not for, which the audit log has then.
   * @throws OpsroomError SECRET_DESTINATION
   */
  admit(by: SecretUser, names: Iterable<string>, to: Destination): Promise<void>;
}

/** For whom secrets are sent: a step, or the look at a registered server. */
export type SecretUser = Pick<AttemptId, 'runId' | 'stepId'> | { readonly server: string };

/** A rate that holds a call back. */
export interface Held {
  /** `tool:shell`, `mcp:github`. */
  readonly limit: string;
  readonly perSecond: number;
  readonly burst: number;
  /** When about the next call may be made, by whichever step comes first; ISO 8601. */
  readonly until: string;
}

/** Who waits for a rate. */
export interface Waiter {
  readonly signal: AbortSignal;
  /** Told once it has to wait for a while, and again when that takes longer than was told; null: it goes on. */
  held(by: Held | null): void;
}

/** What the engine needs of stages it may not import; supplied in operations/wire.ts. */
export interface Ports {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly verifiers: ReadonlyMap<string, VerifierKind>;
  checkPrecondition(
    precondition: Precondition,
    context: CallContext,
    secretNames: ReadonlySet<string>,
  ): Promise<PreconditionVerdict>;
  /** Why a value does not fit a JSON Schema, as part of a sentence; undefined when it fits. */
  readonly schemaMismatch: (schema: JsonSchema, value: JsonValue) => string | undefined;
  /** The next link of a proof chain; `prev` is undefined for the first. */
  link(prev: { seq: number; hash: string } | undefined, run: string, at: Date, body: ProofBody): ChainLink;
  /** Keeps the files that an attempt declares or returned, secrets in text masked. Rejects with ARTEFACT_MISSING and the like. */
  keepArtefacts(
    id: AttemptId,
    workspace: string,
    files: readonly { readonly name: string; readonly path: string }[],
    mask: Mask,
  ): Promise<ArtefactRef[]>;
  /** Seals the proofs of a run that has ended; idempotent. */
  seal(org: string, run: string): Promise<void>;
  /** Runs that have ended and are not sealed: whoever ended them may have died before anything that follows. */
  unsealed(): Promise<readonly { readonly org: string; readonly run: string }[]>;
  /** What a run of an organisation may read on its target. */
  secrets(org: string, target: Pick<Target, 'environment' | 'app'>): Promise<RunSecrets>;
  /** Starts a run anew that has failed, if its plan says so and it was not done before; idempotent. Comes before `seal`. */
  restart(org: string, run: string): Promise<void>;
  /** Absolute path of the folder in which runs with a workspace of their own make it. */
  readonly workspaces: string;
  /** The same for runs whose steps are another user's: where such folders may be. */
  readonly openWorkspaces: readonly string[];
  /** Absolute path of the folder in which each run that needs one has a folder for what its steps share. */
  readonly runFolders: string;
  /** Gives a new run, in its folder, what the steps that it takes over from its parent have left there for the next. */
  forkRunFolder(parent: string, run: string, taken: readonly Step[]): Promise<void>;
  /** Waits, where calls of this name (`shell`, `mcp:github:clone`) are limited, until one more may be; or until the waiter gives up. Never rejects. */
  readonly pace?: (org: string, call: string, waiter: Waiter) => Promise<void> | undefined;
  readonly clock: Clock;
  /** This machine's own clock, by which its files are stamped, where `clock` is held to the database's. */
  readonly wall?: Clock;
  random(): number;
  /** The environment every step starts from (an allowlist: PATH, HOME, LANG, …). */
  readonly stepEnv: Readonly<Record<string, string>>;
  /** What `{{ env.NAME }}` may read. */
  readonly planEnv: Readonly<Record<string, string>>;
  /** Called before and after each statement that writes; fault tests end the process there. */
  readonly failpoint?: (name: string) => void;
}
