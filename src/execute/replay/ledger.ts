import { WITHDRAWN } from '../decide/units.js';
import type { AttemptRow, Finished, Started, Turn } from '../records.js';
import type { RecordedAttempt } from './recorded.js';

type Key = Pick<AttemptRow, 'step' | 'item' | 'attempt'>;

/** An attempt within its run. */
export const attemptKey = ({ step, item, attempt }: Key): string => `${step}#${item}.${attempt}`;

/** A row as the rules write it. */
export type DecidedRow = Started & Pick<Partial<Finished>, 'verdicts' | 'log_digest' | 'artefacts'>;

/** The attempts of a run as far as they have been decided anew: what a worker that took it over at this moment would find. */
export class ReplayLedger {
  private readonly rows = new Map<string, { row: DecidedRow; endedAt: Date | null }>();
  private readonly recorded: ReadonlyMap<string, RecordedAttempt>;

  constructor(recorded: readonly RecordedAttempt[]) {
    this.recorded = new Map(recorded.map((row) => [attemptKey(row), row]));
  }

  /** As it ended up. */
  recordedOf(key: Key): RecordedAttempt | undefined {
    return this.recorded.get(attemptKey(key));
  }

  decidedOf(key: Key): DecidedRow | undefined {
    return this.rows.get(attemptKey(key))?.row;
  }

  /** Whether a step as a whole is done or skipped by now. */
  isSettled(step: string): boolean {
    return this.load().some((row) => row.step === step && row.item < 0 && /^(done|skipped)$/.test(row.status));
  }

  all(): DecidedRow[] {
    return [...this.rows.values()].map(({ row }) => row);
  }

  /** Brings in what a turn wrote. @param now when the records say so */
  write({ started, finished }: Pick<Turn, 'started' | 'finished'>, now: Date): void {
    for (const row of started) this.put(row, row.ended_at === undefined ? null : now);
    for (const row of finished) {
      const open = this.rows.get(attemptKey(row));
      if (open) this.put(closed(open.row, row), row.ended_at === null ? null : now);
    }
  }

  private put(row: DecidedRow, now: Date | null): void {
    const ended = this.recorded.get(attemptKey(row));
    const isLast = ended?.status === row.status;
    this.rows.set(attemptKey(row), { row, endedAt: now && isLast ? ended.endedAt : now });
  }

  /** A run that nobody owned was ended: what was open is closed, and no event tells of it. */
  closeOpen(now: Date): void {
    for (const row of this.all()) {
      if (row.status === 'waiting') this.put({ ...row, status: 'cancelled', error: row.error ?? WITHDRAWN }, now);
      if (row.status === 'running') this.put({ ...row, status: 'unknown', error: undefined }, now);
    }
  }

  /** In the order in which a worker reads them. */
  load(): AttemptRow[] {
    const reused = [...this.recorded.values()].filter(({ reusedFrom }) => reusedFrom !== null);
    const decided = [...this.rows.values()].map(({ row, endedAt }) => attemptOf(row, endedAt));
    return [...reused, ...decided].sort(byEnd);
  }
}

/** As `commit_turns` closes a row: what the call does not say is nothing. */
function closed(open: DecidedRow, end: Finished): DecidedRow {
  const { output, word, error, person, wake_at, artefacts, log_digest } = end;
  const ended_at = end.ended_at ?? undefined;
  return { ...open, ...end, ended_at, output, word, error, person, wake_at, artefacts, log_digest };
}

function attemptOf(row: DecidedRow, endedAt: Date | null): AttemptRow {
  return {
    step: row.step,
    item: row.item,
    revision: row.revision,
    attempt: row.attempt,
    status: row.status,
    startedAt: new Date(row.started_at),
    endedAt,
    args: row.args ?? null,
    baseline: row.baseline ?? null,
    output: row.output ?? null,
    outputDigest: row.output_digest ?? null,
    word: row.word ?? null,
    error: row.error ?? null,
    wakeAt: row.wake_at === undefined ? null : new Date(row.wake_at),
    isolation: row.isolation ?? null,
    logDigest: row.log_digest ?? null,
    person: row.person ?? null,
  };
}

/** As `loadAttempts` orders them: ended ones by their end, open ones last. */
function byEnd(one: AttemptRow, other: AttemptRow): number {
  const [ends, others] = [one.endedAt?.getTime() ?? Number.MAX_VALUE, other.endedAt?.getTime() ?? Number.MAX_VALUE];
  if (ends !== others) return ends - others;
  if (one.step !== other.step) return one.step < other.step ? -1 : 1;
  return one.item - other.item || one.attempt - other.attempt;
}
