import { Button } from '../ui/button.js';
import { clock, day, zone } from '../ui/format.js';
import { Segmented } from '../ui/segmented.js';
import type { Look } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { WINDOWS, type Window } from './axis.js';
import styles from './head.module.css';
import { panned } from './keys.js';
import type { Board } from './model.js';

interface Props {
  board: Board;
  window: Window;
  /** The moment that is looked at; undefined: now. */
  at: number | undefined;
  show: (change: { window?: string; at?: string | undefined }) => void;
}

const TEXTS: Readonly<Record<Window, string>> = { '15m': '15 min', '1h': '1 h', '6h': '6 h', '24h': '24 h' };

/** What there is now, in figures and as a bar; and the stretch of time that is shown. */
export function Head({ board, window, at, show }: Props) {
  return (
    <div className={styles['head']}>
      <h1>Runboard</h1>
      <Tally tally={board.tally} />
      <span className="grow" />
      <div className={styles['time']}>
        <span className="label">Times in {zone(new Date(board.now))}</span>
        <Segmented
          label="Time shown"
          value={window}
          options={WINDOWS.map((value) => ({ value, text: TEXTS[value] }))}
          onChange={(value) => show({ window: value })}
        />
        {at !== undefined && (
          <>
            <Button look="bare" onClick={() => show({ at: panned(window, at, -1) })}>
              Earlier
            </Button>
            <span className={styles['moment']}>
              {day(new Date(at))} {clock(new Date(at)).slice(0, 5)}
            </span>
            <Button look="bare" onClick={() => show({ at: panned(window, at, 1) })}>
              Later
            </Button>
          </>
        )}
        <Follow at={at} show={show} now={board.now} />
      </div>
    </div>
  );
}

function Follow({ at, show, now }: Pick<Props, 'at' | 'show'> & { now: string }) {
  const following = at === undefined;
  return (
    <Button aria-pressed={following} onClick={() => show({ at: following ? now : undefined })}>
      {following ? 'Following now' : 'Follow now'}
      <kbd>F</kbd>
    </Button>
  );
}

function Tally({ tally }: { tally: Board['tally'] }) {
  const people = tally.needsYou + tally.approvals;
  const parts: readonly { look: Look; count: number; text: string }[] = [
    { look: 'waiting', count: people, text: people === 1 ? 'waits for a person' : 'wait for a person' },
    { look: 'queued', count: tally.queued, text: 'queued' },
    { look: 'running', count: tally.running, text: 'running' },
    { look: 'parked', count: tally.parked, text: 'parked' },
  ];
  return (
    <>
      <ul className={styles['tally']} aria-label="Now">
        {parts.map(({ look, count, text }) => (
          <li key={look} className={count === 0 ? styles['none'] : ''}>
            <StateIcon shown={{ look, word: text }} />
            <span>
              <b>{count}</b> {text}
            </span>
          </li>
        ))}
      </ul>
      <span className={styles['load']} aria-hidden="true">
        {parts.map(
          ({ look, count }) => count > 0 && <i key={look} className={`q-${look}`} style={{ flexGrow: count }} />,
        )}
      </span>
    </>
  );
}
