import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { visible } from '../../ui/visible.js';
import type { DocumentDetail } from './data.js';
import styles from './documents.module.css';
import { pageStarts } from './page-starts.js';

const LINE = 20;

/** The text as it is kept, with its line numbers and where each page begins; lines in sight only, of however many there are. */
export function DocumentText({ document, line }: { document: DocumentDetail; line: number | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => document.text.split('\n'), [document.text]);
  const starts = useMemo(() => pageStarts(document.pageLines), [document.pageLines]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => place.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const { scrollToIndex } = rows;
  useEffect(() => {
    if (line !== undefined && line <= lines.length) scrollToIndex(line - 1, { align: 'center' });
  }, [line, lines, scrollToIndex]);
  return (
    <div
      ref={place}
      className={styles['text']}
      role="region"
      aria-label="Text of the document"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by key
      tabIndex={0}
    >
      <div className={styles['all']} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const page = starts.get(index + 1);
          return (
            <div
              key={key}
              data-index={index}
              ref={rows.measureElement}
              className={styles['line']}
              style={{ transform: `translateY(${start}px)` }}
              data-chosen={line === index + 1 || undefined}
            >
              {page !== undefined && <p className={styles['page-mark']}>page {page}</p>}
              <span className={styles['number']}>{index + 1}</span>
              <span className={styles['words']}>{visible(lines[index] ?? '')}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
