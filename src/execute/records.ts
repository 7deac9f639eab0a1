import type { Allowlist } from '#ir/allowlist.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ArtefactRef, ChainLink, ProofBody } from '#ir/proof.js';
import type { Answer } from '#ir/question.js';
import type { RunStatus } from '#ir/state.js';
import type { Baseline, Verdict, VerdictWord } from '#ir/verdict.js';

/** `cancelled`: it waited for a person or a time, and its run ended or rolled back before. */
export type AttemptStatus = 'running' | 'waiting' | 'done' | 'failed' | 'skipped' | 'unknown' | 'cancelled';
export type RunMode = 'forward' | 'rollback';
export type RollbackCause = 'failure' | 'cancel' | 'request';

/** What went wrong, as stored and shown: a code of the catalogue, a sentence, the way out. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly mend: string;
}

/** Why a run waits, for people. */
export interface Parked {
  readonly code:
    | 'MANUAL'
    | 'TIMER'
    | 'RETRY'
    | 'UNKNOWN'
    | 'TAKEOVERS'
    | 'PAUSED'
    | 'WORKSPACE_LOST'
    | 'REFUSED'
    | 'INPUT';
  readonly what: string;
  readonly mend: string;
  readonly step?: string;
  readonly item?: number;
}

export interface WorkspaceRef {
  /** `inplace`: a folder of the user's. `temp`: made for the run under the data directory. */
  readonly kind: 'inplace' | 'temp';
  readonly path: string;
  /** Whose a `temp` one is made, when its steps are another user's than the worker. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** A row of opsroom.runs, as far as the engine needs it. Times are Dates. */
export interface RunRow {
  readonly org_id: string;
  readonly id: string;
  readonly plan_digest: string;
  readonly title: string;
  readonly inputs: JsonObject;
  /** What it may call, beside what its plan says; as it was when the run was asked for. Null: there is no list. */
  readonly allowed_tools: readonly Allowlist[] | null;
  readonly target: JsonObject;
  readonly lane: string;
  readonly priority: number;
  readonly requested_by: string;
  readonly status: RunStatus;
  readonly mode: RunMode;
  readonly rollback_cause: RollbackCause | null;
  readonly revision: number;
  readonly epoch: number;
  readonly owner: string | null;
  readonly host: string | null;
  readonly workspace: WorkspaceRef;
  readonly parked: Parked | null;
  readonly wake_at: Date | null;
  readonly not_before: Date | null;
  readonly takeovers: number;
  readonly parent_id: string | null;
  readonly restart: number;
  readonly word: string | null;
  readonly error: Fault | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
}

/** How a rollback began. `fault`: what the run failed of; undefined: it had not, or an older version did not write it down. */
export interface RollbackBegun {
  readonly cause: RollbackCause;
  readonly fault: Fault | undefined;
}

/** Whose word something rests on, and why they said so. */
export interface Person {
  readonly by: string;
  readonly reason: string;
}

/** A row of opsroom.step_attempts. */
export interface AttemptRow {
  readonly step: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
  readonly status: AttemptStatus;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly args: JsonValue | null;
  readonly baseline: readonly Baseline[] | null;
  readonly output: JsonValue;
  readonly outputDigest: string | null;
  readonly word: VerdictWord | null;
  readonly error: Fault | null;
  readonly wakeAt: Date | null;
  /** Of a call that waits for an answer. */
  readonly isolation?: string | null;
  readonly logDigest?: string | null;
  /** Who ended it by their word, where somebody did. */
  readonly person?: Person | null;
}

/** A verdict as stored: its evidence lies in opsroom.evidence under the digest. */
export type StoredVerdict = Omit<Verdict, 'evidence'> & { readonly evidence: string };

/** The key of a result within a run and revision. */
export const unitKey = (step: string, item: number): string => (item < 0 ? step : `${step}#${item}`);

/** A row of a turn. `n` is the turn's place, from 1, among those that are committed together; known, and set, only then. */
export interface Placed {
  n: number;
}

/** What one attempt came to; closes its write-ahead row. What is undefined is not sent to the server: it makes half of a small row. */
export interface Finished extends Placed {
  readonly step: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
  readonly status: Exclude<AttemptStatus, 'running'>;
  /** Null: the call is over, and its step waits for an answer. */
  readonly ended_at: string | null;
  readonly output?: JsonValue | undefined;
  readonly output_digest: string;
  readonly word?: VerdictWord | undefined;
  readonly verdicts: readonly StoredVerdict[];
  readonly error?: Fault | undefined;
  readonly isolation: string;
  readonly log_digest?: string | undefined;
  readonly artefacts?: readonly ArtefactRef[] | undefined;
  readonly person?: Person | undefined;
  readonly wake_at?: string | undefined;
}

/** A row that opens: the write-ahead of a tool call, a wait, or a record that needs no call (skipped, refused, summed up). */
export interface Started extends Placed {
  readonly step: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
  readonly status: AttemptStatus;
  readonly started_at: string;
  readonly ended_at?: string | undefined;
  readonly args?: JsonValue | undefined;
  readonly baseline?: readonly Baseline[] | undefined;
  readonly output?: JsonValue | undefined;
  readonly output_digest?: string | undefined;
  readonly word?: VerdictWord | undefined;
  readonly error?: Fault | undefined;
  readonly isolation?: string | undefined;
  readonly person?: Person | undefined;
  readonly wake_at?: string | undefined;
}

export interface EventRow extends Placed {
  readonly seq: number;
  readonly type: string;
  readonly step?: string | undefined;
  readonly item?: number | undefined;
  readonly attempt?: number | undefined;
  readonly data?: JsonValue | undefined;
  readonly at: string;
}

/** A link with what it says, which is in its text as well. */
export interface Proof extends ChainLink {
  readonly body: ProofBody;
}

export interface EvidenceRow extends Placed {
  readonly digest: string;
  readonly body: JsonValue;
}

/** The change of the run's own row that a turn carries. */
export interface RunChange {
  readonly status: RunStatus;
  readonly mode?: RunMode;
  readonly rollback_cause?: RollbackCause;
  readonly parked?: Parked | null;
  readonly wake_at?: string | null;
  readonly word?: VerdictWord;
  readonly error?: Fault;
}

/** Everything that happened in one run since its last commit; commits as a whole or not at all. */
export interface Turn {
  readonly org: string;
  readonly run: string;
  readonly epoch: number;
  readonly owner: string;
  readonly finished: readonly Finished[];
  readonly started: readonly Started[];
  readonly proofs: readonly Proof[];
  readonly evidence: readonly EvidenceRow[];
  readonly events: readonly EventRow[];
  readonly signals: readonly { readonly id: number; readonly outcome: string }[];
  readonly change: RunChange | null;
}

export type SignalKind = 'cancel' | 'pause' | 'resume' | 'confirm' | 'answer' | 'resolve' | 'rollback';

export interface SignalRow {
  readonly id: number;
  readonly kind: SignalKind;
  readonly payload: SignalPayload;
  readonly sent_by: string;
}

/** What a signal says beside its kind. `as` belongs to resolve; `output` to confirm; `answer` and `question` to answer. */
export interface SignalPayload {
  readonly reason: string;
  readonly step?: string;
  readonly item?: number;
  readonly as?: 'done' | 'failed' | 'skip' | 'retry';
  readonly output?: JsonValue;
  readonly answer?: Answer;
  /** What is answered: see `questionDigest`. */
  readonly question?: string;
}
