import type { Plan } from '#ir/plan.js';
import { hasEnded, RUN_STATUSES } from '#ir/state.js';
import { unownedChange } from '../control.js';
import { type Obey, obey } from '../decide/signalling.js';
import { rollBack } from '../drive/closing.js';
import { applySignal, outcomeOf } from '../drive/obedience.js';
import { type SignalKind, type SignalRow, unitKey } from '../records.js';
import type { RunEvent } from '../views/store.js';
import { subject } from './comparison.js';
import { Differs, lineWords } from './difference.js';
import type { PersonsWord, RecordedRun } from './recorded.js';
import type { Segment } from './segment.js';

/** What an event says of a signal. */
interface Told {
  readonly kind: SignalKind;
  readonly by: string;
  readonly reason: string;
  readonly outcome: string;
}

function toldIn({ data }: RunEvent): Told | undefined {
  const { kind, by, reason = '', outcome = '' } = Object(data ?? {}) as Record<string, unknown>;
  if (typeof kind !== 'string' || typeof by !== 'string') return undefined;
  return { kind: kind as SignalKind, by, reason: String(reason), outcome: String(outcome) };
}

/**
 * What the owner of the run makes of a signal.
 *
 * @param heard id of the last signal that was heard
 * @returns the id of this one
 * @throws Differs when no such signal was sent
 */
export function obeyAnew(event: RunEvent, recorded: RecordedRun, segment: Segment, heard: number): number {
  const told = toldIn(event);
  const signal = told && signalOf(event, told, recorded.signals, heard);
  if (!told || !signal) {
    const why = 'Nobody has sent such a signal.';
    throw new Differs({ ...subject(event), seq: event.seq, recorded: lineWords(event), decided: 'nothing', why });
  }
  const { flow, journal, offers } = segment;
  // What the engine had no room to begin was no obstacle to the signal.
  if (told.outcome === 'applied') offers.withdraw(held(signal, segment));
  const order = obey(signal, flow.state);
  // What was on its way by then is an obstacle to it, or goes on in spite of it.
  const goesOn = order.kind === 'pause' || order.kind === 'cancel';
  if (goesOn || outcomeOf(order) !== told.outcome) offers.begin(event.at.getTime());
  const obeyed = asRecorded(obey(signal, flow.state), event, recorded);
  if (applySignal(signal, flow, journal, obeyed) === 'rollback') rollBack({ flow, journal }, 'request');
  return Math.max(heard, signal.id);
}

/** An older version left a wait that somebody resolved as it was, and wrote their word down as the next attempt. */
function asRecorded(order: Obey, { seq }: RunEvent, { events }: RecordedRun): Obey {
  if (order.kind !== 'resolve' || !order.endsWait) return order;
  const { stepId, item, attempt } = order.unit;
  const told = events.find((next) => next.seq > seq && next.step === stepId && (next.item ?? -1) === item);
  return { ...order, endsWait: told?.attempt !== attempt + 1 };
}

function held({ kind, payload }: SignalRow, { offers }: Segment) {
  if (kind === 'rollback') return [...offers.prepare.values()];
  const unit = offers.prepare.get(unitKey(payload.step ?? '', payload.item ?? -1));
  return unit ? [unit] : [];
}

/** Signals are heard in the order in which they were sent. One whose wish takes time is heard again by whoever takes the run over. */
function signalOf(
  { step }: RunEvent,
  { kind, by, reason, outcome }: Told,
  signals: readonly SignalRow[],
  heard: number,
): SignalRow | undefined {
  const same = signals.filter(
    (one) =>
      one.kind === kind &&
      one.sent_by === by &&
      (outcome !== 'applied' || (one.payload.reason === reason && (one.payload.step ?? null) === step)),
  );
  return same.find(({ id }) => id > heard) ?? (kind === 'cancel' || kind === 'pause' ? same.at(-1) : undefined);
}

/** What became of a run that nobody owned when it was told something; undefined: the event is of another kind. */
export function unownedAnew(event: RunEvent, plan: Plan, { wasTaken, asks }: { wasTaken: boolean; asks: boolean }) {
  const told = toldIn(event);
  if (!told || !event.type.startsWith('run.')) return undefined;
  const run = { owner: null, started_at: wasTaken ? event.at : null };
  const change = unownedChange(told.kind, run, { undoes: plan.onCancel === 'rollback', asks });
  const decided = `run.${change?.status ?? 'running'}`;
  if (decided !== event.type || told.outcome !== change?.status) {
    const why = `That is what "${told.kind}" does to a run that nobody works on.`;
    throw new Differs({ ...subject(event), seq: event.seq, recorded: lineWords(event), decided, why });
  }
  const ends = hasEnded(RUN_STATUSES.find((status) => status === told.outcome) ?? 'running');
  // What is handed over to a worker is obeyed there, and named then.
  return { signal: told, said: change.keepSignal ? undefined : wordOf(event, told), ends };
}

/** Null for what was refused. */
export function personsWord(event: RunEvent): PersonsWord | undefined {
  const told = toldIn(event);
  return told?.outcome === 'applied' ? wordOf(event, told) : undefined;
}

function wordOf({ seq, at, step, item }: RunEvent, { kind, by, reason }: Told): PersonsWord {
  const what = step === null ? kind : `${kind} ${unitKey(step, item ?? -1)}`;
  return { seq, at, by, what, reason };
}
