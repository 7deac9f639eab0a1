import { hasEnded } from '#ir/state.js';
import { type Look, standingShown } from '../ui/state.js';
import type { BoardRun, Segment } from './model.js';
import { runLook } from './words.js';

/** A stretch of a run's bar. Times are ms since 1970. */
export interface Piece {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** `idle`: nothing was done, and nobody was waited for. */
  readonly look: Look | 'idle';
  readonly title: string;
}

/** A pause between two steps that is too short to be told. */
const BLINK_MS = 1000;

/** When a run's bar begins, and where it ends as of now. */
export function spanOf(run: BoardRun, now: number): { from: number; to: number } {
  const from = Date.parse(run.startedAt ?? run.queuedAt);
  return { from, to: Math.max(from, run.endedAt === null ? now : Date.parse(run.endedAt)) };
}

/**
 * The bar of a run: its steps in their states, one after the other. Where several run at once the last to begin is shown, and
 * what goes on behind it afterwards again.
 */
export function piecesOf(run: BoardRun, now: number): Piece[] {
  const { from, to } = spanOf(run, now);
  const segments = run.steps.map((segment) => timed(segment, to)).filter((one) => one.from < to);
  if (run.startedAt === null || segments.length === 0) return [rest(run, from, to)];
  const cuts = new Set([from, to, ...segments.flatMap((one) => [one.from, Math.min(to, one.to)])]);
  const times = [...cuts].filter((at) => at >= from).sort((a, b) => a - b);
  const pieces: Piece[] = [];
  for (let n = 1; n < times.length; n++) {
    const [begin = from, end = to] = [times[n - 1], times[n]];
    const active = segments.findLast((one) => one.from <= begin && one.to >= end);
    add(pieces, active ? { ...active.piece, from: begin, to: end } : gap(run, begin, end, to));
  }
  return pieces.length > 0 ? pieces : [rest(run, from, to)];
}

interface Timed {
  readonly from: number;
  readonly to: number;
  readonly piece: Pick<Piece, 'key' | 'look' | 'title'>;
}

function timed(segment: Segment, end: number): Timed {
  const { look, word } = standingShown(segment);
  const what = segment.steps > 1 ? `${segment.steps} steps` : segment.id;
  const from = Date.parse(segment.startedAt);
  return {
    from,
    to: Math.max(from, segment.endedAt === null ? end : Date.parse(segment.endedAt)),
    piece: {
      key: segment.id,
      look: segment.id.includes('/') && !OUTSHINES.has(look) ? 'rolled' : look,
      title: `${what}: ${word}`,
    },
  };
}

/** What a step of a rollback is before it is one. */
const OUTSHINES: ReadonlySet<Look> = new Set(['failed', 'waiting', 'unknown']);

/** Between steps; after the last of them a run that goes on is in the state that it is in. */
function gap(run: BoardRun, from: number, to: number, end: number): Piece {
  return to === end && !hasEnded(run.status)
    ? rest(run, from, to)
    : { key: `idle ${from}`, from, to, look: 'idle', title: 'nothing was done' };
}

function rest(run: BoardRun, from: number, to: number): Piece {
  const { look, word } = runLook(run);
  return { key: 'run', from, to, look, title: word };
}

/** Pieces of one step are joined again; a blink belongs to what was before it, and at the beginning to what comes after. */
function add(pieces: Piece[], piece: Piece): void {
  if (piece.to <= piece.from) return;
  const last = pieces.at(-1);
  if (!last) pieces.push(piece);
  else if (last.key === piece.key || isBlink(piece)) pieces[pieces.length - 1] = { ...last, to: piece.to };
  else if (pieces.length === 1 && isBlink(last)) pieces[0] = { ...piece, from: last.from };
  else pieces.push(piece);
}

const isBlink = ({ look, from, to }: Piece): boolean => look === 'idle' && to - from < BLINK_MS;
