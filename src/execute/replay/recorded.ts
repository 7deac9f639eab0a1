import type { Plan } from '#ir/plan.js';
import type { ArtefactRef, ChainRecord, ProofBody } from '#ir/proof.js';
import type { Ports } from '../ports.js';
import type { AttemptRow, Person, RunRow, SignalRow, StoredVerdict } from '../records.js';
import type { Fork } from '../submit.js';
import type { RunEvent } from '../views/store.js';

/** A row of opsroom.step_attempts with all that was recorded of it. */
export interface RecordedAttempt extends AttemptRow {
  readonly verdicts: readonly StoredVerdict[] | null;
  readonly isolation: string | null;
  readonly logDigest: string | null;
  readonly artefacts: readonly ArtefactRef[] | null;
  readonly person: Person | null;
  /** The run whose result a re-run has taken over. */
  readonly reusedFrom: string | null;
}

/** What a re-run began from: its parent, as far as its decisions rest on it. */
export interface RecordedParent {
  readonly fork: Fork;
  readonly planDigest: string;
  readonly attempts: readonly Pick<
    AttemptRow,
    'step' | 'item' | 'revision' | 'attempt' | 'status' | 'startedAt' | 'endedAt'
  >[];
}

/** All that is recorded of a run. */
export interface RecordedRun {
  readonly run: RunRow;
  readonly plan: Plan;
  readonly attempts: readonly RecordedAttempt[];
  /** In their order. */
  readonly events: readonly RunEvent[];
  readonly chain: readonly ChainRecord[];
  /** In the order in which they were sent. */
  readonly signals: readonly SignalRow[];
  readonly parent: RecordedParent | undefined;
}

export type Proof<T extends ProofBody['type']> = Extract<ProofBody, { type: T }>;

/** What the rules ask of the room: what tools and verifiers say of themselves. None of them is called. */
export type ReplayPorts = Pick<Ports, 'tools' | 'verifiers' | 'planEnv' | 'schemaMismatch'>;

/** What a person decided, and no rule. */
export interface PersonsWord {
  readonly seq: number;
  readonly at: Date;
  readonly by: string;
  readonly what: string;
  readonly reason: string;
}
