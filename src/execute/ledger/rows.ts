import { jsonDigest } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import type { Baseline, VerdictWord } from '#ir/verdict.js';
import type { AttemptStatus, Fault, Finished, Person, Started } from '../records.js';

export const NULL_DIGEST = jsonDigest(null);

/** What an attempt is filed under within its run. */
export type AttemptKey = Pick<Started, 'step' | 'item' | 'revision' | 'attempt'>;

/** What is said of an attempt as its row opens. */
export interface Opening {
  readonly status: AttemptStatus;
  readonly args?: JsonValue;
  readonly baseline?: readonly Baseline[];
  readonly output?: JsonValue;
  readonly word?: VerdictWord;
  readonly fault?: Fault;
  readonly person?: Person;
  readonly wakeAt?: Date | undefined;
}

/** What is said of an attempt as its row closes; the rest is nothing. */
export type Closing = Partial<Finished> & Pick<Finished, 'status'>;

/** A row that opens; one that neither runs nor waits is closed at once. */
export function startedRow({ step, item, revision, attempt }: AttemptKey, row: Opening, at: Date): Started {
  const open = row.status === 'running' || row.status === 'waiting';
  // Names and no spread: as many rows are made as steps run. Shorter ones first, then by letter: the server keeps them so,
  // and sorts those that come otherwise.
  return {
    n: 1,
    args: row.args,
    item,
    step,
    word: row.word,
    error: row.fault,
    output: row.output,
    person: row.person,
    status: row.status,
    attempt,
    wake_at: row.wakeAt?.toISOString(),
    baseline: row.baseline,
    ended_at: open ? undefined : at.toISOString(),
    revision,
    started_at: at.toISOString(),
    output_digest: open ? undefined : jsonDigest(row.output ?? null),
  };
}

export function finishedRow({ step, item, revision, attempt }: AttemptKey, row: Closing, at: Date): Finished {
  // In the order of `startedRow`.
  return {
    n: 1,
    item,
    step,
    word: row.word,
    error: row.error,
    output: row.output,
    person: row.person,
    status: row.status,
    attempt,
    wake_at: row.wake_at,
    ended_at: row.ended_at === undefined ? at.toISOString() : row.ended_at,
    revision,
    verdicts: row.verdicts ?? [],
    artefacts: row.artefacts,
    isolation: row.isolation ?? 'none',
    log_digest: row.log_digest,
    output_digest: row.output_digest ?? NULL_DIGEST,
  };
}
