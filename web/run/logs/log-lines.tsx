import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { count } from '../../ui/format.js';
import { Refusal } from '../../ui/refusal.js';
import type { LogLine } from '../data.js';
import type { Row } from './line-store.js';
import styles from './log-pane.module.css';
import { Pieces } from './pieces.js';
import { type LogKey, useLog } from './use-log.js';

interface Props {
  logKey: LogKey;
  /** More may come. */
  live: boolean;
  wrap: boolean;
  wanted: string;
  line: number | undefined;
  onLine: (line: number) => void;
  follow: boolean;
  /** It opens where the tool said last, which is most often why it failed. */
  atEnd: boolean;
  /** The reader has scrolled away from the end. */
  onLeave: () => void;
}

const ROW = 20;

/** The lines that are in sight, of however many there are. */
export function LogLines({ logKey, live, wrap, wanted, line, onLine, follow, atEnd, onLeave }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const { store, version, reading, error, need } = useLog(logKey, live);
  const rows = useVirtualizer({
    count: store.rows,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  const items = rows.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const { scrollToIndex, measure } = rows;
  useEffect(() => {
    if (version >= 0) need(first, last);
  }, [first, last, version, need, store]);
  // Lines that are wrapped have heights of their own, and lose them when they are not.
  useEffect(() => measure(), [measure, wrap]);
  useEffect(() => {
    if (follow && store.rows > 0 && version >= 0) scrollToIndex(store.rows - 1, { align: 'end' });
  }, [follow, version, store, scrollToIndex]);
  const known = store.rows > 0;
  useEffect(() => {
    if (line !== undefined && known) scrollToIndex(store.indexOf(line), { align: 'center' });
  }, [line, known, store, scrollToIndex]);
  const opened = useRef(!atEnd || line !== undefined);
  useEffect(() => {
    if (opened.current || !known) return;
    opened.current = true;
    scrollToIndex(store.rows - 1, { align: 'end' });
  }, [known, store, scrollToIndex]);
  if (error && store.rows === 0) return <Refusal error={error} />;
  return (
    <div
      ref={place}
      className={styles['lines']}
      data-wrap={wrap || undefined}
      role="region"
      aria-label={`Log of ${logKey.step}, attempt ${logKey.attempt}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by key
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop } }) => {
        if (follow && scrollTop < top.current - ROW) onLeave();
        top.current = scrollTop;
      }}
    >
      {store.rows === 0 && (
        <p className={styles['none']}>
          {reading ? 'Reading the log …' : live ? 'It has printed nothing yet.' : 'It printed nothing.'}
        </p>
      )}
      <div className={styles['all']} style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const row = store.row(index);
          const number = 'number' in row ? row.number : undefined;
          return (
            <div
              key={key}
              data-index={index}
              ref={wrap ? rows.measureElement : undefined}
              className={styles['line']}
              style={{ transform: `translateY(${start}px)` }}
              data-chosen={(number !== undefined && number === line) || undefined}
            >
              <LineOf
                row={row}
                line={number === undefined ? undefined : store.line(number)}
                wanted={wanted}
                onLine={onLine}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function LineOf({
  row,
  line,
  wanted,
  onLine,
}: {
  row: Row;
  line: LogLine | undefined;
  wanted: string;
  onLine: (line: number) => void;
}) {
  if ('dropped' in row)
    return <p className={styles['dropped']}>… {count(row.dropped)} lines were dropped here: the log was too long …</p>;
  const { number } = row;
  return (
    <>
      <button
        type="button"
        className={styles['number']}
        tabIndex={-1}
        aria-label={`Line ${number}`}
        onClick={() => onLine(number)}
      >
        {number}
      </button>
      <span className={styles['text']} data-err={line?.stream === 'err' || undefined}>
        {line && <Pieces line={line.text} wanted={wanted} />}
        {line && line.cut > 0 && (
          <span className={styles['cut']}> … {count(line.cut)} more characters: download the log</span>
        )}
      </span>
    </>
  );
}
