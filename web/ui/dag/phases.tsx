import { useMemo } from 'react';
import { bandsOf, type Grouped } from './bands.js';
import styles from './dag.module.css';
import { type Graph, meets } from './graph.js';
import type { Drawn } from './stage.js';

/** How far a band reaches beyond the last step, px. */
const BELOW = 8;

/** The phases behind the steps; who cannot see them is told the phase with each step. */
export function Phases({ graph, drawn }: { graph: Graph<Grouped>; drawn: Drawn }) {
  const bands = useMemo(() => bandsOf(graph), [graph]);
  return bands
    .filter((band) => meets(band, drawn.part))
    .map(({ title, odd, labels, x, width, height }) => (
      <div
        key={x}
        className={styles['band']}
        style={{ left: x, width, height: height + BELOW }}
        data-odd={odd || undefined}
        aria-hidden="true"
      >
        {drawn.near &&
          labels.map((label) => (
            <span key={label.x} className="cut" title={title} style={{ left: label.x, width: label.width }}>
              {title}
            </span>
          ))}
      </div>
    ));
}
