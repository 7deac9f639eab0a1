import { OpsroomError } from '#kit/errors.js';
import type { Flow } from './flow.js';
import type { Journal } from './journal.js';
import type { SignalRow } from './records.js';
import { obey } from './signalling.js';
import type { Unit } from './units.js';

type Person = { readonly by: string; readonly reason: string };

/** Does what a signal asks, as far as units and state go; answers what is left to the driver. */
export function applySignal(signal: SignalRow, flow: Flow, journal: Journal): 'cancel' | 'rollback' | undefined {
  const { state } = flow;
  const order = obey(signal, state);
  if (order.kind === 'refuse') {
    const outcome = `refused: ${order.why}`;
    journal.turn.consume(signal.id, outcome);
    journal.turn.event('run.signal', {}, { kind: signal.kind, by: signal.sent_by, outcome });
    return undefined;
  }
  if (order.kind === 'cancel' || order.kind === 'pause') journal.heard(signal);
  else journal.signal(signal);
  if (order.kind === 'resume') journal.obeyed();
  const person = { by: signal.sent_by, reason: signal.payload.reason };
  switch (order.kind) {
    case 'cancel':
      state.cancelling = true;
      return 'cancel';
    case 'rollback':
      return 'rollback';
    case 'pause':
    case 'resume':
      state.pausing = order.kind === 'pause';
      journal.turn.change({ status: state.pausing ? 'pausing' : 'running' });
      return undefined;
    case 'confirm': {
      const output = signal.payload.output ?? null;
      journal.waited(order.unit, output, person);
      flow.settled(order.unit, 'done', output, false);
      return undefined;
    }
    case 'resolve':
      resolve(order.unit, order.as, person, flow, journal);
      return undefined;
  }
}

/** A person's word in place of evidence. The attempts before it stay as they were. */
function resolve(
  unit: Unit,
  as: 'done' | 'failed' | 'skip' | 'retry',
  person: Person,
  flow: Flow,
  journal: Journal,
): void {
  flow.state.forgive(unit);
  if (as === 'retry') return flow.state.again(unit);
  unit.attempt += 1;
  journal.resolved(unit, as, person);
  if (as === 'done') flow.words.set(unit.key, 'exit code only');
  if (as !== 'failed') return flow.settled(unit, as === 'skip' ? 'skipped' : 'done', null, as === 'done');
  const fault = new OpsroomError('STEP_FAILED', { what: `Declared failed by ${person.by}: ${person.reason}` }).toJSON();
  flow.state.finished(unit, false, fault, true);
}
