import type { IntentStatus } from '#ir/intent-state.js';
import type { JsonObject } from '#ir/json.js';
import type { Lane } from '#ir/plan.js';
import type { Decision, PrincipalFacts } from '../decision.js';

/** Where the plan of an intent comes from. */
export type IntentSource =
  /** A file below the project folder, by its path there; of a runbook also a section. Compiled again before it runs. */
  | { readonly kind: 'file'; readonly file: string; readonly section?: string | undefined }
  /** It came with the request and is known by its digest alone. */
  | { readonly kind: 'inline'; readonly name: string }
  /** The plan of an earlier run, to be run again: as `runs.rerun` has it. */
  | { readonly kind: 'run'; readonly run: string; readonly from?: string | undefined; readonly fresh: boolean };

/** How the run is to be queued. */
export interface IntentQueue {
  readonly lane?: Lane | undefined;
  readonly priority?: number | undefined;
  readonly session?: string | undefined;
  /** What the run may call, and nothing else. */
  readonly tools?: readonly string[] | undefined;
  /** Absolute; where an `inplace` plan works. */
  readonly folder?: string | undefined;
  /** The machine where it was asked for: its run begins there, where its file and its folder lie. */
  readonly host?: string | undefined;
  /** Absolute; the folder below which its file was found there. */
  readonly project?: string | undefined;
}

/** Who asked, as policy saw them; `key`: by which key. */
export type Proposer = PrincipalFacts & { readonly key: string | null };

/** What policy said, with the policies by which it said so: the beginning of the digest of each, by id. */
export type Decided = Decision & { readonly set: Readonly<Record<string, string>> };

/** Digests of what an approval is given for. */
export interface Bound {
  readonly planDigest: string;
  readonly inputsDigest: string;
  readonly targetDigest: string;
  readonly policyDigest: string;
}

export interface NewIntent extends Bound {
  readonly org: string;
  readonly id: string;
  readonly intent: string;
  readonly title: string;
  readonly reason: string;
  readonly claimed: JsonObject;
  readonly source: IntentSource;
  readonly inputs: JsonObject;
  readonly target: JsonObject;
  readonly queue: IntentQueue;
  readonly proposer: Proposer;
  readonly client: string | null;
  readonly decision: Decided;
  readonly status: IntentStatus;
  /** From now, by the database's clock; null: it waits for nobody. */
  readonly ttlMs: number | null;
  readonly runId: string | null;
  readonly word: string;
}

/** An intent as it is stored. */
export interface IntentRow extends Bound {
  readonly org: string;
  readonly id: string;
  readonly intent: string;
  readonly title: string;
  readonly reason: string;
  readonly claimed: JsonObject;
  readonly source: IntentSource;
  readonly inputs: JsonObject;
  readonly target: JsonObject;
  readonly queue: IntentQueue;
  readonly proposedBy: string;
  readonly proposer: Proposer;
  readonly client: string | null;
  readonly decision: Decided;
  readonly status: IntentStatus;
  readonly form: JsonObject;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly startsAt: Date | null;
  readonly runId: string | null;
  readonly word: string;
  readonly endedAt: Date | null;
  readonly supersedes: string | null;
  readonly supersededBy: string | null;
  /** The database's clock, by which all of these times are told. */
  readonly now: Date;
}

/** One person's word on an intent. */
export interface ApprovalRow {
  readonly seq: number;
  readonly person: string | null;
  readonly by: string;
  readonly role: string | null;
  readonly verdict: 'approve' | 'reject';
  readonly reason: string;
  readonly form: JsonObject | null;
  readonly breakGlass: boolean;
  readonly bound: Bound & { readonly expiresAt: string | null };
  readonly at: Date;
}
