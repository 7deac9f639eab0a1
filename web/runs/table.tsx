import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { MOST_AT_ONCE } from '#ir/bulk.js';
import { useCommands } from '../ui/commands.js';
import { zone } from '../ui/format.js';
import { useNow } from '../ui/now.js';
import type { RunRow } from './model.js';
import { Row } from './row.js';
import styles from './table.module.css';

interface Props {
  runs: readonly RunRow[];
  selected: ReadonlySet<string>;
  onSelected: (selected: ReadonlySet<string>) => void;
  /** Reads on when the end comes near. */
  onEnd: () => void;
}

const ROW_PX = 33;
const NARROW_ROW_PX = 61;
const NEAR_END = 15;

/** The list. Only the rows near the window are drawn, so that thousands scroll as one page. */
export function RunTable({ runs, selected, onSelected, onEnd }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(table.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: runs.length,
    estimateSize: () => (globalThis.innerWidth <= 720 ? NARROW_ROW_PX : ROW_PX),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (place) => runs[place]?.runId ?? place,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= runs.length - NEAR_END) onEnd();
  }, [last, runs.length, onEnd]);
  const toggle = (id: string, on: boolean) => onSelected(toggled(selected, id, on));
  useKeys(
    runs,
    (place) => rows.scrollToIndex(place),
    (id) => toggle(id, !selected.has(id)),
  );
  const before = (shown[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((shown.at(-1)?.end ?? top) - top);
  return (
    <table ref={table} className={styles['table']}>
      <Head runs={runs} selected={selected} onSelected={onSelected} />
      <tbody>
        {before > 0 && <Gap height={before} />}
        {shown.map(({ index, key }) => {
          const run = runs[index];
          return (
            run && (
              <Row
                key={key}
                run={run}
                place={index}
                selected={selected.has(run.runId)}
                onSelect={(on) => toggle(run.runId, on)}
              />
            )
          );
        })}
        {after > 0 && <Gap height={after} />}
      </tbody>
    </table>
  );
}

/** Stands for the rows that are not drawn. */
const Gap = ({ height }: { height: number }) => <tr aria-hidden className={styles['gap']} style={{ height }} />;

function toggled(selected: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(selected);
  if (on && next.size < MOST_AT_ONCE) next.add(id);
  if (!on) next.delete(id);
  return next;
}

function Head({ runs, selected, onSelected }: Pick<Props, 'runs' | 'selected' | 'onSelected'>) {
  const all = runs.slice(0, MOST_AT_ONCE).map(({ runId }) => runId);
  const whole = all.length > 0 && all.every((id) => selected.has(id));
  return (
    <thead>
      <tr>
        <th className={styles['box']}>
          <label>
            <input
              type="checkbox"
              aria-label={`Select all ${all.length} that are shown`}
              checked={whole}
              onChange={() => onSelected(new Set(whole ? [] : all))}
            />
          </label>
        </th>
        <th scope="col">State</th>
        <th scope="col">Run</th>
        <th scope="col">Id</th>
        <th scope="col">Target</th>
        <th scope="col">Lane</th>
        <th scope="col">Asked by</th>
        <th scope="col">Verdicts</th>
        <th scope="col" className="num" aria-sort="descending">
          Created, {zone(useNow(60_000))} ↓
        </th>
        <th scope="col" className="num">
          Took
        </th>
      </tr>
    </thead>
  );
}

/** J and K move the focus along the titles, X chooses the run in focus; Enter opens it, as a link does. */
function useKeys(runs: readonly RunRow[], reveal: (place: number) => void, choose: (id: string) => void): void {
  const place = () => {
    const focused = document.activeElement;
    const row = focused instanceof HTMLElement ? focused.closest<HTMLElement>('tr[data-index]') : null;
    return row ? Number(row.dataset['index']) : -1;
  };
  const move = (by: number) => {
    const next = Math.min(runs.length - 1, Math.max(0, place() + by));
    if (focusAt(next)) return;
    reveal(next);
    requestAnimationFrame(() => focusAt(next)); // drawn only now that it is near the window
  };
  const none = runs.length === 0 ? 'there is no run' : undefined;
  useCommands([
    { id: 'runs.next', text: 'Next run', group: 'Runs', keys: 'j', why: none, run: () => move(1) },
    { id: 'runs.previous', text: 'Previous run', group: 'Runs', keys: 'k', why: none, run: () => move(-1) },
    {
      id: 'runs.select',
      text: 'Select the run in focus',
      group: 'Runs',
      keys: 'x',
      why: none,
      run: () => {
        const run = runs[place()];
        if (run) choose(run.runId);
      },
    },
  ]);
}

function focusAt(place: number): boolean {
  const link = document.querySelector<HTMLElement>(`a[data-place="${place}"]`);
  link?.focus();
  return link !== null;
}
