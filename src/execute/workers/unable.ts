import type { OpsroomError } from '#kit/errors.js';
import type { Committer } from '../ledger/commit.js';
import { openSignals, type Taken } from '../ledger/store.js';
import { TurnBuilder } from '../ledger/turn.js';
import type { Ports } from '../ports.js';
import type { Parked } from '../records.js';
import type { Sql } from '../sql.js';

export interface UnableParts {
  readonly sql: Sql;
  readonly committer: Committer;
  readonly ports: Pick<Ports, 'link' | 'clock'>;
  readonly worker: string;
}

/**
 * Parks a run that was taken and cannot even be begun. Left alone, every worker that takes it would drop it again, and so
 * without end. What it was told meanwhile is refused: nobody can do it.
 */
export async function parkUnable(parts: UnableParts, { run, head, eventSeq }: Taken, why: OpsroomError): Promise<void> {
  const identity = { org: run.org_id, run: run.id, epoch: run.epoch, owner: parts.worker };
  const turn = new TurnBuilder(identity, head, eventSeq, parts.ports);
  const parked: Parked = {
    code: 'REFUSED',
    what: `The run cannot be begun: ${why.message}`,
    mend: 'Mend that, then `opsroom resume RUN`; or `opsroom cancel RUN`.',
  };
  for (const { id } of await openSignals(parts.sql, run.id)) turn.consume(id, 'refused: the run cannot be begun');
  turn.change({ status: 'waiting', parked, wake_at: null });
  turn.event('run.waiting', {}, { ...parked });
  await parts.committer.submit(turn.take());
}
