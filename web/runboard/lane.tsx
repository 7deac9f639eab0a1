import { Link } from '@tanstack/react-router';
import { Since } from '../ui/time.js';
import type { Axis } from './axis.js';
import { cutLane } from './cut.js';
import styles from './lane.module.css';
import type { BoardRun, Lane } from './model.js';
import { Strip } from './strip.js';

interface Props {
  lane: Lane;
  runs: readonly BoardRun[];
  axis: Axis;
  now: number;
}

/** A lane: how full it is and who waits, then a strip for each run. */
export function LaneRow({ lane, runs, axis, now }: Props) {
  const { shown, more } = cutLane(runs, lane.depth, axis);
  return (
    <section className={styles['lane']} id={`lane-${lane.lane}`} aria-label={`Lane ${lane.lane}`}>
      <LaneHead lane={lane} />
      <div className={styles['runs']}>
        <ol>
          {shown.map((run) => (
            <li key={run.runId}>
              <Strip run={run} axis={axis} now={now} />
            </li>
          ))}
        </ol>
        {shown.length === 0 && <p className={styles['none']}>Nothing here in this time.</p>}
        {more.map(({ text, status }) => (
          <Link key={status} to="/runs" search={{ lane: lane.lane, status }} className={styles['more']}>
            {text}
          </Link>
        ))}
      </div>
    </section>
  );
}

/** A wide lane has a figure alone: pips are counted with the eye. */
const MOST_PIPS = 6;

function LaneHead({ lane: { lane, width, inUse, depth, oldestWaitSince } }: { lane: Lane }) {
  return (
    <div className={styles['head']}>
      <h2>{lane}</h2>
      <div className={styles['slots']} role="img" aria-label={`${inUse} of ${width} slots in use`}>
        {width <= MOST_PIPS &&
          Array.from({ length: width }, (_, n) => <i key={`pip ${n}`} className={n < inUse ? styles['on'] : ''} />)}
        <span>
          {inUse}/{width}
        </span>
      </div>
      <p>
        <b>{depth}</b> queued
      </p>
      {oldestWaitSince !== null && (
        <p>
          oldest <Since at={oldestWaitSince} />
        </p>
      )}
    </div>
  );
}
