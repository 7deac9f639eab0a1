import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ChainRecord } from '#ir/proof.js';
import { clock, fullTime, shortDigest } from '../ui/format.js';
import { StateIcon } from '../ui/state-icon.js';
import type { ChainCheck } from './check.js';
import styles from './page.module.css';
import { lineOf } from './words.js';

const ROW = 32;

interface Props {
  records: readonly ChainRecord[];
  selected: number | undefined;
  broken: ChainCheck | undefined;
  onSelect: (seq: number) => void;
}

/** The chain, a line per record. Arrow keys walk along it. */
export function RecordList({ records, selected, broken, onSelect }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const place = records.findIndex(({ seq }) => seq === selected);
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(place);
  }, [place, rows]);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step === undefined ? undefined : records[place + step];
    if (!next) return;
    event.preventDefault();
    onSelect(next.seq);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and its rows are walked by arrow keys
    <div
      ref={frame}
      className={styles['list']}
      role="listbox"
      aria-label="Records of the chain"
      tabIndex={0}
      onKeyDown={onKey}
      aria-activedescendant={`record-${selected}`}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const record = records[index];
          return (
            record && (
              <Row
                key={record.hash}
                record={record}
                top={start}
                selected={record.seq === selected}
                broken={broken?.ok === false && broken.seq === record.seq}
                onSelect={onSelect}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  record: ChainRecord;
  top: number;
  selected: boolean;
  broken: boolean;
  onSelect: (seq: number) => void;
}

function Row({ record, top, selected, broken, onSelect }: RowProps) {
  const { seq, at, hash } = record;
  const { kind, about, shown, note } = lineOf(record);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the list has the focus and the keys
    <div
      id={`record-${seq}`}
      role="option"
      aria-selected={selected}
      className={styles['row']}
      style={{ top }}
      data-broken={broken || undefined}
      onClick={() => onSelect(seq)}
    >
      <span className="num dim">{seq}</span>
      {shown ? <StateIcon shown={shown} alone /> : <i className={styles['knot']} aria-hidden="true" />}
      <span className="label">{kind}</span>
      <span className="cut mono" title={about}>
        {about}
      </span>
      <span className="cut mut" title={note}>
        {broken ? 'broken here' : (note ?? '')}
      </span>
      <time className="dim" dateTime={at} title={fullTime(new Date(at))}>
        {clock(new Date(at))}
      </time>
      <code className="dim">{shortDigest(hash)}</code>
    </div>
  );
}
