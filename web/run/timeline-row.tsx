import type { CSSProperties } from 'react';
import type { StepGroup } from '#ir/groups.js';
import { MARK_WORDS, MarkIcon } from '../ui/dag/mark-icon.js';
import { fineDuration } from '../ui/format.js';
import { standingShown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { unturned } from '../ui/visible.js';
import { barsOf, noteOf, tookMs } from './bars.js';
import type { RunStep } from './data.js';
import type { Axis, Span } from './fold.js';
import styles from './timeline.module.css';

interface Props {
  step: RunStep;
  group: StepGroup | undefined;
  axis: Axis;
  nowMs: number;
  dependsOn: readonly string[];
  chosen: boolean;
  top: number;
  place: number;
  count: number;
  onSelect: (step: string) => void;
}

/** Where words stand that need about a quarter of the track: after the bars, before them, or, where these fill it, on their end. */
function besides(from: number, to: number): CSSProperties {
  if (to <= 0.62) return { left: `calc(${to * 100}% + 6px)` };
  return { right: from < 0.25 ? 6 : `calc(${(1 - from) * 100}% + 6px)` };
}

/** The phase that the steps below it are of. */
export function PhaseRow({ title, top }: { title: string; top: number }) {
  return (
    <li className={`${styles['row']} ${styles['phase']}`} style={{ transform: `translateY(${top}px)` }}>
      <h3 className="cut" title={title}>
        {title}
      </h3>
    </li>
  );
}

/** One step: its attempts on one line, the pauses between them dashed. */
export function TimelineRow({ step, group, axis, nowMs, dependsOn, chosen, top, place, count, onSelect }: Props) {
  const shown = standingShown(step);
  const { bars, pauses } = barsOf(step, nowMs);
  const took = tookMs(step, nowMs);
  const note = noteOf(step, dependsOn);
  const end = bars.at(-1);
  const x = end === undefined ? 1 : axis.at(end.toMs);
  const at = ({ fromMs, toMs }: Span) => {
    const from = axis.at(fromMs);
    return { left: `${from * 100}%`, width: `${Math.max(0, axis.at(toMs) - from) * 100}%` };
  };
  return (
    <li
      className={styles['row']}
      style={{ transform: `translateY(${top}px)` }}
      aria-setsize={count}
      aria-posinset={place + 1}
    >
      <button
        type="button"
        className={styles['step']}
        aria-current={chosen || undefined}
        onClick={() => onSelect(step.id)}
      >
        <span className={styles['name']}>
          <StateIcon shown={shown} alone />
          <span className="mono cut" title={step.id}>
            {step.id.includes('/') ? `↩ ${step.id.split('/')[1]}` : step.id}
          </span>
          <span className={`mut cut ${styles['said']}`} title={unturned(step.title)}>
            {group?.mark && (
              <span title={MARK_WORDS[group.mark]}>
                <MarkIcon mark={group.mark} />
              </span>
            )}
            {!group?.mark && group?.stories[0] && <span className={styles['story']}>{group.stories.join(', ')}</span>}
            {step.title === step.id ? '' : unturned(step.title)}
          </span>
          <span className={`num ${styles['took']}`}>{took === undefined ? '' : fineDuration(took)}</span>
        </span>
        <span className={styles['track']}>
          {pauses.map((pause) => (
            <i key={`pause ${pause.fromMs}`} className={styles['pause']} style={at(pause)} />
          ))}
          {bars.map((bar) => (
            <i
              key={bar.fromMs}
              className={`${styles['bar']} q-${bar.shown.look}`}
              data-open={bar.open || undefined}
              style={at(bar)}
            />
          ))}
          {note && (
            <span className={styles['note']} style={besides(bars[0] ? axis.at(bars[0].fromMs) : 1, x)}>
              {note}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
