import type { Plan } from '#ir/plan.js';
import { Attempts } from '../attempts/attempt.js';
import { Journal } from '../ledger/journal.js';
import type { Taken } from '../ledger/store.js';
import { TurnBuilder } from '../ledger/turn.js';
import type { LogStore } from '../logs/logs.js';
import type { Ports } from '../ports.js';
import type { Parked } from '../records.js';
import type { Reads } from '../scope.js';
import { Flow, type FlowDeps } from './flow.js';

/** What the owner of a run has of it in memory: a cache of the ledger that only the owner can have. */
export interface Memory {
  readonly journal: Journal;
  readonly flow: Flow;
}

export interface MemoryParts extends Pick<FlowDeps, 'signal' | 'wake' | 'keepResult'> {
  readonly ports: Ports;
  readonly logs: LogStore;
  readonly worker: string;
  readonly parallel: number;
  readonly taken: Taken;
  readonly plan: Plan;
  readonly reads: Reads;
  /** Why nothing of the plan may start; it can still be cancelled or rolled back. */
  readonly hold: Parked | undefined;
}

/** Begins where a run stands in the ledger; its attempts are to be loaded. */
export function beginMemory(parts: MemoryParts, from: Pick<Taken, 'head' | 'eventSeq'>): Memory {
  const { ports, worker, taken, hold, logs, ...rest } = parts;
  const { run } = taken;
  const identity = { org: run.org_id, run: run.id, epoch: run.epoch, owner: worker };
  const journal = new Journal(new TurnBuilder(identity, from.head, from.eventSeq, ports), run.revision, ports.clock);
  const calls: FlowDeps['calls'] = (known) => new Attempts({ ...known, ...rest, ports, run, logs });
  const flow = new Flow({ ...rest, ports, calls, run, journal });
  flow.state.hold = hold;
  return { journal, flow };
}
