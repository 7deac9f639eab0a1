import { useMemo } from 'react';
import { clock } from '../ui/format.js';
import { useNow } from '../ui/now.js';
import { type Axis, axisOf, placeOf, stepOf, ticksOf, type Window } from './axis.js';
import { LaneRow } from './lane.js';
import styles from './lanes.module.css';
import type { Board } from './model.js';

/** Lanes A to D on one axis of time, with a line at now. */
export function Lanes({ board, window, at }: { board: Board; window: Window; at: number | undefined }) {
  const now = useNow(stepOf(window)).getTime();
  const middle = at ?? now;
  // The same as long as it is: a strip is drawn anew for its own run's events, and when the axis moves.
  const axis = useMemo(() => axisOf(window, middle), [window, middle]);
  return (
    <div className={styles['lanes']}>
      <div className={styles['names']} aria-hidden="true">
        <span>Lane</span>
        <span>time</span>
      </div>
      <Ticks axis={axis} following={at === undefined} />
      {board.lanes.map((lane) => (
        <LaneRow
          key={lane.lane}
          lane={lane}
          runs={board.runs.filter((run) => run.lane === lane.lane)}
          axis={axis}
          now={now}
        />
      ))}
    </div>
  );
}

function Ticks({ axis, following }: { axis: Axis; following: boolean }) {
  const ticks = ticksOf(axis, -new Date(axis.now).getTimezoneOffset());
  const line = placeOf(axis, axis.now);
  return (
    <div aria-hidden="true">
      <div className={styles['axis']}>
        {ticks.map((tick) => (
          <span key={tick} style={{ left: `${placeOf(axis, tick)}%` }}>
            {clock(new Date(tick)).slice(0, 5)}
          </span>
        ))}
        <span className={styles['label']} style={{ left: `${line}%` }}>
          {following ? <Clock /> : clock(new Date(axis.now))}
        </span>
      </div>
      <div className={styles['grid']}>
        {ticks.map((tick) => (
          <i key={tick} style={{ left: `${placeOf(axis, tick)}%` }} />
        ))}
        <i className={styles['later']} style={{ left: `${line}%` }} />
        <i className={styles['now']} style={{ left: `${line}%` }} />
      </div>
    </div>
  );
}

function Clock() {
  return clock(useNow(1000));
}
