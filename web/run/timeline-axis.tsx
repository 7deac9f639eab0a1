import { clock, day, duration, fullTime } from '../ui/format.js';
import type { Axis } from './fold.js';
import styles from './timeline.module.css';

interface Props {
  axis: Axis;
  ticks: readonly { readonly ms: number; readonly x: number }[];
  /** While the run goes on. */
  now: number | undefined;
}

const left = (x: number) => ({ left: `${x * 100}%` });

/** The times above the rows. Seconds are written where the axis is short, or times would read alike without them. */
export function AxisLine({ axis, ticks, now }: Props) {
  const long = (axis.segments.at(-1)?.toMs ?? 0) - (axis.segments[0]?.fromMs ?? 0);
  // What is folded makes an axis long whose ticks are close to each other.
  const onMinutes = ticks.every(({ ms }) => ms % 60_000 === 0);
  const text = (ms: number) => {
    const at = new Date(ms);
    if (long > 2 * 86_400_000) return day(at).slice(5);
    return long > 20 * 60_000 && onMinutes ? clock(at).slice(0, 5) : clock(at);
  };
  const nowX = now === undefined ? undefined : axis.at(now);
  const clear = (x: number) => nowX === undefined || Math.abs(x - nowX) > 0.15;
  const folds = axis.segments.filter(({ folded }) => folded);
  const free = (x: number) => folds.every(({ x0, x1 }) => Math.abs(x - (x0 + x1) / 2) > 0.06);
  return (
    <div className={styles['axis']} aria-hidden="true">
      {ticks
        .filter(({ x }) => clear(x) && free(x) && x < 0.97)
        .map(({ ms, x }) => (
          <time key={ms} style={left(x)} title={fullTime(new Date(ms))}>
            {text(ms)}
          </time>
        ))}
      {folds.map(({ fromMs, toMs, x0, x1 }) => (
        <time key={fromMs} className={styles['fold']} style={left((x0 + x1) / 2)}>
          {duration(toMs - fromMs)}
        </time>
      ))}
      {now !== undefined && nowX !== undefined && (
        <time className={styles['now']} style={left(nowX)}>
          {clock(new Date(now))}
        </time>
      )}
    </div>
  );
}

/** The lines behind the rows. */
export function Grid({ axis, ticks, now }: Props) {
  return (
    <li className={styles['grid']} aria-hidden="true">
      {ticks.map(({ ms, x }) => (
        <i key={ms} style={left(x)} />
      ))}
      {axis.segments
        .filter(({ folded }) => folded)
        .map(({ fromMs, x0, x1 }) => (
          <i key={`fold ${fromMs}`} className={styles['band']} style={{ ...left(x0), width: `${(x1 - x0) * 100}%` }} />
        ))}
      {now !== undefined && <i className={styles['now-line']} style={left(axis.at(now))} />}
    </li>
  );
}
