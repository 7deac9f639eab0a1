import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { groupsOf } from '#ir/groups.js';
import type { Plan } from '#ir/plan.js';
import { hasEnded } from '#ir/state.js';
import { duration } from '../ui/format.js';
import { useNow } from '../ui/now.js';
import { Segmented } from '../ui/segmented.js';
import { barsOf, busySpans } from './bars.js';
import type { Run } from './data.js';
import { foldTime, ticks } from './fold.js';
import { rowsOf } from './rows.js';
import styles from './timeline.module.css';
import { AxisLine, Grid } from './timeline-axis.js';
import { PhaseRow, TimelineRow } from './timeline-row.js';

interface Props {
  run: Run;
  steps: Plan['steps'];
  metadata: Plan['metadata'];
  selected: string | undefined;
  onSelect: (step: string) => void;
  /** Undefined: the reader has not chosen. */
  fold: boolean | undefined;
  onFold: (fold: boolean) => void;
}

const [ROW, ROW_ON_PHONE] = [28, 40];
/** Right of now there is room for what comes. */
const AHEAD = 0.12;
const MOST_TICKS = 7;

/** The steps of the run on one axis of time, idle stretches folded unless the reader wants true time. */
export function Timeline({ run, steps, metadata, selected, onSelect, fold, onFold }: Props) {
  const pane = useRef<HTMLDivElement>(null);
  const row = matchMedia('(max-width: 960px)').matches ? ROW_ON_PHONE : ROW;
  const going = !hasEnded(run.status);
  const nowMs = useNow(1000).getTime();
  const until = run.endedAt === null ? nowMs : Date.parse(run.endedAt);
  const busy = busySpans(run.steps, nowMs);
  const drawn = run.steps.flatMap((step) => barsOf(step, nowMs).bars.map(({ fromMs: at }) => at));
  // What comes before the first step (a worker takes the run, looks at the world) is in the facts, not in the picture.
  const fromMs = Math.min(until, ...drawn, drawn.length === 0 ? Date.parse(run.startedAt ?? run.createdAt) : until);
  const room = going ? Math.max(1000, (until - fromMs) * AHEAD) : 0;
  const axis = foldTime(
    going ? [...busy, { fromMs: until, toMs: until + room }] : busy,
    { fromMs, toMs: until + room },
    fold ?? true,
  );
  const written = ticks(axis, MOST_TICKS);
  const folds = axis.segments.filter(({ folded }) => folded);
  const before = new Map(steps.map(({ id, dependsOn }) => [id, dependsOn]));
  const groups = useMemo(() => groupsOf(metadata), [metadata]);
  const listed = rowsOf(run.steps, groups);
  const rows = useVirtualizer({
    count: listed.length,
    getScrollElement: () => pane.current,
    estimateSize: () => row,
    overscan: 12,
  });
  const index = listed.findIndex((one) => 'step' in one && run.steps[one.step]?.id === selected);
  const bring = useEffectEvent((place: number) => {
    // In sight already: to ask where to scroll would have the page laid out at once.
    const { startIndex, endIndex } = rows.range ?? { startIndex: 0, endIndex: 0 };
    const inSight = place < endIndex && (place > startIndex || rows.scrollOffset === 0);
    if (place >= 0 && !inSight) rows.scrollToIndex(place, { align: 'auto' });
  });
  useEffect(() => bring(index), [index, steps.length]);
  return (
    <section className={styles['timeline']} aria-label="Timeline">
      <div className={styles['sub']}>
        <h2>Timeline</h2>
        <span className="label">{foldedText(folds, fold ?? true)}</span>
        <span className="grow" />
        <Segmented
          label="Idle time"
          value={(fold ?? true) ? 'fold' : 'true'}
          options={[
            { value: 'fold', text: 'Fold idle' },
            { value: 'true', text: 'True time' },
          ]}
          onChange={(value) => onFold(value === 'fold')}
        />
      </div>
      <AxisLine axis={axis} ticks={written} now={going ? until : undefined} />
      <div className={styles['scroll']} ref={pane} style={{ '--rows': listed.length } as CSSProperties}>
        <ol style={{ height: rows.getTotalSize() }} aria-label="Steps">
          <Grid axis={axis} ticks={written} now={going ? until : undefined} />
          {rows.getVirtualItems().map(({ index: place, start }) => {
            const listedRow = listed[place];
            if (!listedRow) return null;
            if ('phase' in listedRow) return <PhaseRow key={`phase ${place}`} title={listedRow.phase} top={start} />;
            const at = listedRow.step;
            const step = run.steps[at];
            if (!step) return null;
            const dependsOn = before.get(step.id) ?? [];
            const shared = { step, axis, nowMs: until, dependsOn, onSelect };
            return (
              <TimelineRow
                key={step.id}
                {...shared}
                group={groups.get(step.id)}
                top={start}
                chosen={step.id === selected}
                place={at}
                count={run.steps.length}
              />
            );
          })}
        </ol>
      </div>
    </section>
  );
}

function foldedText(folds: readonly { readonly fromMs: number; readonly toMs: number }[], fold: boolean): string {
  if (folds.length === 0) return fold ? 'no idle gap' : 'true time';
  const total = folds.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0);
  return `${folds.length === 1 ? 'one idle gap' : `${folds.length} idle gaps`} of ${duration(total)} folded`;
}
