import { useQuery } from '@tanstack/react-query';
import { planQuery } from '../data.js';
import pane from './inspector.module.css';
import type { PaneProps } from './pane-props.js';
import styles from './source.module.css';

/** So many lines around a step are shown, so that one knows where one is. */
const AROUND = 3;

/** The lines of the file that the step was made from. */
export function Source({ run, detail }: PaneProps) {
  const { data } = useQuery(planQuery(run.runId));
  const text = data?.source?.text.split('\n');
  if (detail.source.length === 0)
    return (
      <p className={pane['none']}>
        This plan came as a value, or its file is not known any more: there are no lines to show.
      </p>
    );
  return (
    <>
      {detail.source.map(({ file, from, to, label, text: own }) => {
        const first = text === undefined ? from : Math.max(1, from - AROUND);
        const shown = text === undefined ? own.split('\n') : text.slice(first - 1, to + AROUND);
        return (
          <div key={`${from} ${label}`} className={pane['section']}>
            <h3>
              <code>{file}</code>, {from === to ? `line ${from}` : `lines ${from} to ${to}`}
              {label && <span className="dim">: {label}</span>}
            </h3>
            <ol className={styles['code']}>
              {shown.map((line, place) => {
                const number = first + place;
                return (
                  <li key={number} data-on={(number >= from && number <= to) || undefined}>
                    <span>{number}</span>
                    <span>{line}</span>
                  </li>
                );
              })}
            </ol>
          </div>
        );
      })}
    </>
  );
}
