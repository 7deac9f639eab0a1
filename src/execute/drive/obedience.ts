import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { type Obey, obey } from '../decide/signalling.js';
import type { Unit } from '../decide/units.js';
import type { Journal } from '../ledger/journal.js';
import type { Person, SignalRow } from '../records.js';
import type { Flow } from './flow.js';

/** Does what a signal asks, as far as units and state go; answers what is left to the driver. */
export function applySignal(
  signal: SignalRow,
  flow: Flow,
  journal: Journal,
  order: Obey = obey(signal, flow.state),
): 'cancel' | 'rollback' | undefined {
  if (order.kind === 'refuse') {
    const outcome = outcomeOf(order);
    journal.turn.consume(signal.id, outcome);
    journal.turn.event('run.signal', {}, { kind: signal.kind, by: signal.sent_by, outcome });
    return undefined;
  }
  // These wishes take time; the others are fulfilled by the time they are written down.
  if (order.kind === 'cancel' || order.kind === 'pause') journal.heard(signal);
  else journal.signal(signal);
  return applyOrder(order, signal, flow, journal);
}

/** How the ledger tells what became of a signal. */
export const outcomeOf = (order: Obey): string => (order.kind === 'refuse' ? `refused: ${order.why}` : 'applied');

function applyOrder(
  order: Exclude<Obey, { kind: 'refuse' }>,
  { sent_by: by, payload }: SignalRow,
  flow: Flow,
  journal: Journal,
): 'cancel' | 'rollback' | undefined {
  const { state } = flow;
  const person = { by, reason: payload.reason };
  if (order.kind === 'rollback') return 'rollback';
  if (order.kind === 'cancel') {
    state.cancelling = true;
    return 'cancel';
  }
  if (order.kind === 'confirm') confirm(order.unit, payload.output ?? null, person, flow, journal);
  else if (order.kind === 'answer') answer(order, person, flow, journal);
  else if (order.kind === 'resolve') resolve(order, person, flow, journal);
  else {
    state.pausing = order.kind === 'pause';
    if (!state.pausing) journal.obeyed();
    journal.turn.change({ status: state.pausing ? 'pausing' : 'running' });
  }
  return undefined;
}

/** What a person did in place of a tool. */
function confirm(unit: Unit, output: JsonValue, person: Person, flow: Flow, journal: Journal): void {
  unit.spoken = true;
  journal.waited(unit, output, person);
  flow.settled(unit, 'done', output, true);
}

/** The call is made again with what the person says, under the same idempotency key. */
function answer(
  { unit, asked, answer: given }: Extract<Obey, { kind: 'answer' }>,
  person: Person,
  flow: Flow,
  journal: Journal,
): void {
  journal.answered(unit, given, person);
  flow.state.answered(unit, { ...asked, answer: given });
}

/** A person's word in place of evidence. The attempts before it stay as they were. */
function resolve(
  { unit, as, endsWait }: Extract<Obey, { kind: 'resolve' }>,
  person: Person,
  flow: Flow,
  journal: Journal,
): void {
  journal.unanswered(unit, person);
  flow.state.forgive(unit);
  unit.spoken = as !== 'retry';
  if (as === 'retry') return flow.state.again(unit);
  if (!endsWait) unit.attempt += 1;
  journal.resolved(unit, as, person, endsWait);
  if (as === 'done') flow.words.set(unit.key, 'exit code only');
  if (as !== 'failed') return flow.settled(unit, as === 'skip' ? 'skipped' : 'done', null, as === 'done');
  const fault = new OpsroomError('STEP_FAILED', { what: `Declared failed by ${person.by}: ${person.reason}` }).toJSON();
  flow.state.finished(unit, false, fault, true);
}
