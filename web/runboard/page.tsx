import { useNavigate, useSearch } from '@tanstack/react-router';
import { roomNow } from '../api/room-clock.js';
import { Command } from '../ui/copy.js';
import { Empty } from '../ui/empty.js';
import { Refusal } from '../ui/refusal.js';
import { MINUTES, windowOf } from './axis.js';
import { Causes } from './causes.js';
import { Feed } from './feed.js';
import { Head } from './head.js';
import { useBoardKeys } from './keys.js';
import { Lanes } from './lanes.js';
import { Legend } from './legend.js';
import type { Board } from './model.js';
import { Needs } from './needs.js';
import styles from './page.module.css';
import { useBoard } from './use-board.js';
import { Workers } from './workers.js';

/** The Runboard: lanes A to D on one time axis, live, with why work waits and what needs a person. */
export function RunboardPage() {
  const search = useSearch({ from: '/room/' });
  const navigate = useNavigate({ from: '/' });
  const window = windowOf(search['window']);
  const at = momentOf(search['at']);
  const { board, error } = useBoard(minutesOf(MINUTES[window], at));
  const show = (change: { window?: string; at?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  useBoardKeys({ window, at, show });
  if (!board) return error ? <Refusal error={error} /> : <p className={styles['opening']}>Reading the room …</p>;
  return (
    <div className={styles['board']}>
      <main className={styles['main']}>
        <Head board={board} window={window} at={at} show={show} />
        <Causes causes={board.causes} />
        {isBlank(board) ? <FirstRun /> : <Lanes board={board} window={window} at={at} />}
        <Workers workers={board.workers} />
        <Legend />
      </main>
      <aside className={styles['side']} aria-label="Needs you, and events">
        <Needs needs={board.needsYou} tally={board.tally} />
        <Feed events={board.events} />
      </aside>
    </div>
  );
}

/** A moment of the past that an address names, ms; undefined: now. */
function momentOf(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** Of a moment in the past the window lies before it. The room tells of one day. */
function minutesOf(window: number, at: number | undefined): number {
  const ago = at === undefined ? 0 : Math.max(0, Math.ceil((roomNow() - at) / 60_000));
  return Math.min(1440, window + ago);
}

const isBlank = ({ runs, tally }: Board): boolean => runs.length === 0 && tally.queued + tally.running === 0;

function FirstRun() {
  return (
    <div className={styles['blank']}>
      <Empty title="Nothing has run here lately" command="npx opsroom run examples/first-run.md">
        Runs show up here the moment they are asked for: each in its lane, with its steps as they are proven. Start one
        from a plan or a runbook:
      </Empty>
      <p className="label">
        Or follow what ran before: <Command text="npx opsroom runs" />
      </p>
    </div>
  );
}
