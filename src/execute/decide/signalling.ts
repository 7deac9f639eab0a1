import type { Asked } from '#ir/calls.js';
import { type Answer, answerFault } from '#ir/question.js';
import type { SignalKind, SignalRow } from '../records.js';
import { questionDigest } from './asking.js';
import type { RunState } from './state.js';
import type { Unit } from './units.js';

/** What a signal asks of the driver. `refuse`: why it cannot be done in the state the run is in. */
export type Obey =
  | { readonly kind: 'cancel' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'confirm'; readonly unit: Unit }
  | { readonly kind: 'answer'; readonly unit: Unit; readonly asked: Asked; readonly answer: Answer }
  | {
      readonly kind: 'resolve';
      readonly unit: Unit;
      readonly as: 'done' | 'failed' | 'skip' | 'retry';
      /** Its last attempt is a wait, and over by that; else the word is an attempt of its own. */
      readonly endsWait: boolean;
    }
  | { readonly kind: 'refuse'; readonly why: string };

type Rule = (signal: SignalRow, state: RunState) => Obey;

const refuse = (why: string): Obey => ({ kind: 'refuse', why });

const RULES: Readonly<Record<SignalKind, Rule>> = {
  cancel: (_, state) => (state.mode === 'rollback' ? refuse('the run is rolling back') : { kind: 'cancel' }),
  pause: (_, state) => (state.mode === 'rollback' ? refuse('the run is rolling back') : { kind: 'pause' }),
  resume: () => ({ kind: 'resume' }),
  rollback: (_, state) => rollback(state),
  confirm,
  answer,
  resolve,
};

/** Decides what a signal means for a run in this state; changes nothing. */
export function obey(signal: SignalRow, state: RunState): Obey {
  return RULES[signal.kind](signal, state);
}

function rollback(state: RunState): Obey {
  if (state.mode === 'rollback') return refuse('the run is rolling back already');
  if (state.active > 0) return refuse('steps are running; cancel the run first');
  return state.undoable ? { kind: 'rollback' } : refuse('no step of the run has anything to undo');
}

function confirm(signal: SignalRow, state: RunState): Obey {
  const unit = find(signal, state);
  if (!unit) return refuse('there is no such step waiting');
  if (unit.phase !== 'waiting' || unit.wakeAt !== undefined)
    return refuse(`step ${unit.key} does not wait for a person`);
  if (unit.asked) return refuse(`step ${unit.key} asks something: its word is an answer`);
  return { kind: 'confirm', unit };
}

function answer(signal: SignalRow, state: RunState): Obey {
  const unit = find(signal, state);
  const given = signal.payload.answer;
  if (!unit?.asked || !given || unit.phase !== 'waiting') return refuse('the step asks nothing');
  const { asked } = unit.asked;
  if (signal.payload.question !== questionDigest(asked, unit.attempt))
    return refuse('the step asks something else by now');
  const fault = answerFault(asked.question, given);
  return fault === undefined ? { kind: 'answer', unit, asked, answer: given } : refuse(fault);
}

function resolve(signal: SignalRow, state: RunState): Obey {
  const unit = find(signal, state);
  const as = signal.payload.as;
  if (!unit || !as) return refuse('there is no such step');
  if (unit.phase === 'running' || unit.phase === 'preparing') return refuse(`step ${unit.key} is running`);
  if (unit.phase === 'done') return refuse(`step ${unit.key} is done`);
  // What has asked was called, and that attempt is over by itself.
  return { kind: 'resolve', unit, as, endsWait: unit.phase === 'waiting' && unit.asked === undefined };
}

function find(signal: SignalRow, state: RunState): Unit | undefined {
  const { step = '', item } = signal.payload;
  return state.units.get(item === undefined || item < 0 ? step : `${step}#${item}`);
}
