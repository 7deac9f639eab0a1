import { hasEnded } from '#ir/state.js';
import { clock, duration, fineDuration } from '../ui/format.js';
import { isNotUndone, runShown, runStanding, type Shown, verdictShown, waitShown } from '../ui/state.js';
import { unturned } from '../ui/visible.js';
import type { BoardEvent, BoardRun, Need } from './model.js';

/** A run's look on the board. */
export function runLook(
  run: Pick<BoardRun, 'status' | 'word' | 'waiting' | 'rollingBack' | 'error' | 'asksPerson'>,
): Shown {
  return runStanding({ ...run, notUndone: isNotUndone(run), asks: run.asksPerson });
}

/** Those at work first, then those that wait for somebody, then the queue as it stands, then what a rollback left undone, then what else has ended, the last first. */
export function inOrder(runs: readonly BoardRun[]): BoardRun[] {
  return [...runs].sort((a, b) => rank(a) - rank(b) || within(a, b));
}

function rank(run: BoardRun): number {
  const { status } = run;
  if (hasEnded(status)) return isNotUndone(run) ? 3 : 4;
  if (status === 'waiting' || status === 'paused') return 1;
  return status === 'queued' || status === 'released' ? 2 : 0;
}

function within(a: BoardRun, b: BoardRun): number {
  if (a.endedAt !== null && b.endedAt !== null) return a.endedAt < b.endedAt ? 1 : -1;
  if (a.status !== b.status && (a.status === 'released' || b.status === 'released'))
    return a.status === 'released' ? -1 : 1;
  if (a.place !== null && b.place !== null) return a.place - b.place;
  const [first, second] = [a.startedAt ?? a.queuedAt, b.startedAt ?? b.queuedAt];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** `1st`, `2nd`, `11th`. */
export function ordinal(place: number): string {
  const teens = place % 100 >= 11 && place % 100 <= 13;
  return `${place}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th')}`;
}

const minute = (at: string): string => clock(new Date(at)).slice(0, 5);

/** The few words beside a bar; empty when it says everything itself. */
export function noteOf(run: BoardRun): string {
  if (hasEnded(run.status)) return endedNote(run);
  const { waiting } = run;
  switch (waiting?.code) {
    case 'MANUAL':
      return `confirm ${waiting.step ?? ''}`;
    case 'INPUT':
      return `answer ${waiting.step ?? ''}`;
    case 'UNKNOWN':
      return `resolve ${waiting.step ?? ''}`;
    case 'TIMER':
    case 'RETRY':
      return waiting.until === null ? 'waits for a time' : `until ${minute(waiting.until)}`;
    case 'WORKSPACE_LOST':
      return 'workspace lost';
    case 'TAKEOVERS':
      return 'taken over too often';
    case 'REFUSED':
      return 'refused';
    case 'NO_WORKER':
      return run.host === null ? 'needs a worker' : `needs ${run.host}`;
    case 'KEY_HELD':
      return 'its key is held';
    case 'USER_LIMIT':
      return 'limit of who asked';
    case 'NOT_BEFORE':
      return 'starts later';
    default:
      return movingNote(run);
  }
}

function movingNote(run: BoardRun): string {
  if (run.status === 'paused' || run.status === 'pausing') return run.status;
  if (run.rollingBack) return 'rolling back';
  if (run.status === 'released') return 'starting';
  if (run.place === null) return '';
  return run.expectedStart === null ? ordinal(run.place) : `${ordinal(run.place)}, about ${minute(run.expectedStart)}`;
}

function endedNote(run: BoardRun): string {
  if (run.status === 'succeeded')
    return run.word === 'proven' ? `done ${minute(run.endedAt ?? run.since)}` : (run.word ?? 'done');
  if (run.status === 'failed') return plain(run.error?.message ?? 'failed');
  return runShown(run.status, null).word;
}

/** What programs print may steer a terminal; a note is one line of text. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what this is about.
  return text.replaceAll(/\u001B\[[0-?]*[ -/]*[@-~]|\p{Cc}+/gu, ' ').trim();
}

/** How long a run has taken, or has waited, as of now. */
export function elapsed(run: BoardRun, now: number): string {
  if (run.endedAt !== null)
    return run.startedAt === null ? '–' : fineDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt));
  return duration(now - Date.parse(run.since));
}

const EVENTS: ReadonlyMap<string, Shown> = new Map<string, Shown>([
  ['run.created', { look: 'queued', word: 'queued' }],
  ['run.queued', { look: 'queued', word: 'queued again' }],
  ['run.started', { look: 'running', word: 'started' }],
  ['run.taken', { look: 'running', word: 'taken up by a worker' }],
  ['run.waiting', { look: 'parked', word: 'waits' }],
  ['run.paused', { look: 'parked', word: 'paused' }],
  ['run.rollback', { look: 'rolled', word: 'rolls back' }],
  ['run.rolled_back', { look: 'rolled', word: 'rolled back' }],
  ['run.failed', { look: 'failed', word: 'failed' }],
  ['run.cancelled', { look: 'skipped', word: 'cancelled' }],
  ['step.waiting', { look: 'waiting', word: 'waits' }],
  ['step.answered', { look: 'waiting', word: 'answered' }],
  ['step.held', { look: 'parked', word: 'waits for a rate' }],
  ['step.going', { look: 'running', word: 'goes on' }],
  ['step.retrying', { look: 'failed', word: 'failed, tries again' }],
  ['step.failed', { look: 'failed', word: 'failed' }],
  ['step.interrupted', { look: 'unknown', word: 'cut short' }],
  ['step.unknown', { look: 'unknown', word: 'unknown' }],
  ['step.skipped', { look: 'skipped', word: 'skipped' }],
  ['step.cancelled', { look: 'skipped', word: 'called off' }],
]);

/** How an event looks; one that tells a verdict looks as that. */
export function eventShown({ type, data }: BoardEvent): Shown {
  const word = memberOf(data, 'word');
  if (type === 'step.done' || type === 'run.succeeded') {
    return typeof word === 'string' ? verdictShown(word) : { look: 'exit', word: 'done' };
  }
  if (type === 'step.waiting' && typeof memberOf(data, 'until') === 'string') return waitShown('TIMER');
  return EVENTS.get(type) ?? { look: 'exit', word: type.replaceAll(/[._]/g, ' ') };
}

const memberOf = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[name] : undefined;

/** What an event says beside its run: `images`, `confirm look`, `queued in lane B`. */
export function eventText(event: BoardEvent): string {
  const { word } = eventShown(event);
  const item = event.item !== null && event.item >= 0 ? ` ${event.item + 1}` : '';
  if (event.type === 'run.created') return `queued in lane ${event.lane}`;
  if (event.step === null) return word;
  return event.type === 'step.done' ? `${event.step}${item}` : `${event.step}${item}: ${word}`;
}

/** What is asked, short enough to be read whole. Why nobody knows how far a step came stands on the page of its run. */
export const needText = ({ kind, what }: Pick<Need, 'kind' | 'what'>): string =>
  kind === 'resolve' ? 'Nobody knows how far it came. Look what happened, then say how it ended.' : unturned(what);

/** What a person is asked to do. */
export const NEED_VERB: Readonly<Record<Need['kind'], string>> = {
  confirm: 'Confirm',
  answer: 'Answer',
  resolve: 'Resolve',
  decide: 'Decide',
};
