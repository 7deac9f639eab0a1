import { Link } from '@tanstack/react-router';
import { type CSSProperties, memo } from 'react';
import { hasEnded } from '#ir/state.js';
import { fullTime } from '../ui/format.js';
import { useNow } from '../ui/now.js';
import { StateIcon } from '../ui/state-icon.js';
import { unturned } from '../ui/visible.js';
import { type Axis, noteSide, placeOf } from './axis.js';
import type { BoardRun } from './model.js';
import { type Piece, piecesOf, spanOf } from './pieces.js';
import styles from './strip.module.css';
import { elapsed, noteOf, runLook } from './words.js';

interface Props {
  run: BoardRun;
  axis: Axis;
  now: number;
}

/** One run: its state, title, target and time, and its steps on the lanes' axis. */
export const Strip = memo(function Strip({ run, axis, now }: Props) {
  const shown = runLook(run);
  const ended = hasEnded(run.status);
  const note = noteOf(run);
  return (
    <Link
      to="/runs/$run"
      params={{ run: run.runId }}
      data-run={run.runId}
      className={`${styles['strip']} q-${shown.look} ${ended ? styles['ended'] : ''}`}
    >
      <span className={styles['label']}>
        <StateIcon shown={shown} alone />
        <span className="cut" title={unturned(run.title)}>
          {unturned(run.title)}
        </span>
        <span className={styles['target']} title={run.target}>
          {run.target}
        </span>
        <Elapsed run={run} />
      </span>
      <span className={styles['track']}>
        <Bar run={run} axis={axis} now={now} />
        <Forecast run={run} axis={axis} now={now} />
        {note !== '' && (
          <span className={styles['note']} style={noteStyle(run, note, axis, now)} title={note}>
            <span>{note}</span>
          </span>
        )}
      </span>
    </Link>
  );
});

/** Digits go on in place, each second. */
function Elapsed({ run }: { run: BoardRun }) {
  const now = useNow(1000).getTime();
  const since = run.endedAt ?? run.since;
  return (
    <span
      className={styles['elapsed']}
      title={`${run.endedAt === null ? 'since' : 'ended'} ${fullTime(new Date(since))}`}
    >
      {elapsed(run, now)}
    </span>
  );
}

/** Where it has no room for its steps, a bar is the run as a whole: on a phone the same one is as wide as the page. */
function Bar({ run, axis, now }: Props) {
  const { from, to } = spanOf(run, now);
  const [left, right] = [placeOf(axis, from), placeOf(axis, Math.min(to, axis.to))];
  const begin = Math.max(from, axis.from);
  const whole = Math.max(1, Math.min(to, axis.to) - begin);
  const pieces = piecesOf(run, now).filter((piece) => piece.to >= begin && piece.from <= axis.to);
  const { look, word } = runLook(run);
  return (
    <span className={styles['bar']} style={{ left: `${left}%`, width: `${right - left}%` }} aria-hidden="true">
      {pieces.map((piece) => (
        <i
          key={`${piece.key} ${piece.from}`}
          className={piece.look === 'idle' ? styles['idle'] : `q-${piece.look}`}
          style={{ flexGrow: shareOf(piece, begin, whole) }}
          title={piece.title}
        />
      ))}
      <i className={`${styles['whole']} q-${look}`} title={word} />
    </span>
  );
}

/** Of the bar that is in sight, in thousandths. */
function shareOf(piece: Piece, begin: number, whole: number): number {
  return Math.max(1, Math.round(((piece.to - Math.max(piece.from, begin)) / whole) * 1000));
}

/** When it should end: half of the earlier runs had ended by the thick tick, nine of ten by the thin one. */
function Forecast({ run, axis, now }: Props) {
  if (!run.expected || hasEnded(run.status)) return null;
  const from = placeOf(axis, now);
  const to = placeOf(axis, Date.parse(run.expected.p90At));
  const half = placeOf(axis, Date.parse(run.expected.p50At));
  if (to <= from) return null;
  const title = `should end by ${fullTime(new Date(run.expected.p50At))}, as half of ${run.expected.runs} earlier runs did; nine of ten by ${fullTime(new Date(run.expected.p90At))}`;
  return (
    <span className={styles['forecast']} style={{ left: `${from}%`, width: `${to - from}%` }} title={title}>
      <i style={{ left: `${((Math.max(half, from) - from) / (to - from)) * 100}%` }} />
    </span>
  );
}

function noteStyle(run: BoardRun, note: string, axis: Axis, now: number): CSSProperties {
  const span = spanOf(run, now);
  const [from, end] = [placeOf(axis, span.from), placeOf(axis, span.to)];
  if (noteSide(from, end, note.length) === 'behind') return { left: `calc(${end}% + 10px)`, right: 0 };
  return { left: 0, right: `calc(${100 - from}% + 8px)`, textAlign: 'right' };
}
