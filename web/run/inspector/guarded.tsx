import type { Run } from '../data.js';
import styles from './inspector.module.css';
import { guardedTitles, type Spoken } from './spoken.js';

/** The steps that a yes or a no decides about. */
export function Guarded({ run, of }: { run: Run; of: Spoken }) {
  return (
    <ul className={styles['guarded']} aria-label="What it asks about">
      {guardedTitles(run.steps, of).map((title, place) => (
        <li key={of.guards[place]}>
          {title} {title !== of.guards[place] && <code className="dim">{of.guards[place]}</code>}
        </li>
      ))}
    </ul>
  );
}
