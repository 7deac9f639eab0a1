import type { Shown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import styles from './legend.module.css';

const KEY: readonly Shown[] = [
  { look: 'queued', word: 'queued' },
  { look: 'running', word: 'running' },
  { look: 'waiting', word: 'waiting for a person' },
  { look: 'proven', word: 'proven' },
  { look: 'holds', word: 'holds, not proven by this step' },
  { look: 'exit', word: 'exit code only' },
  { look: 'failed', word: 'failed' },
  { look: 'unknown', word: 'unknown' },
  { look: 'rolled', word: 'rolled back' },
  { look: 'parked', word: 'paused or parked' },
  { look: 'skipped', word: 'skipped or cancelled' },
];

/** What the icons mean. */
export function Legend() {
  return (
    <ul className={styles['legend']} aria-label="Key">
      {KEY.map((shown) => (
        <li key={shown.look}>
          <StateIcon shown={shown} />
          {shown.word}
        </li>
      ))}
    </ul>
  );
}
