import { useConnection } from '../api/connection.js';
import { fullTime } from '../ui/format.js';
import type { Shown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { Since } from '../ui/time.js';
import type { BoardWorker } from './model.js';
import styles from './workers.module.css';

const STATES: Readonly<Record<BoardWorker['state'], Shown>> = {
  beating: { look: 'proven', word: 'beating' },
  draining: { look: 'parked', word: 'draining' },
  silent: { look: 'failed', word: 'silent' },
};

/** Of a room that does not answer, nobody knows who still works. */
const NOT_KNOWN: Shown = { look: 'unknown', word: 'not known: the connection is lost' };

/** Who does the work, on which machine, and how much of it. */
export function Workers({ workers }: { workers: readonly BoardWorker[] }) {
  const lost = useConnection() === 'lost';
  return (
    <section className={styles['workers']} id="workers" aria-label="Workers" tabIndex={-1}>
      <h2>Workers</h2>
      {workers.length === 0 && <p>None. Nothing runs until one is there.</p>}
      <ul>
        {workers.map((worker) => (
          <li key={worker.name}>
            <StateIcon shown={lost ? NOT_KNOWN : STATES[worker.state]} alone />
            <span className="mono" title={`${worker.name}, last beat ${fullTime(new Date(worker.lastBeatAt))}`}>
              {worker.host}
            </span>
            <span className={styles['what']}>{lost ? `not known now; before: ${textOf(worker)}` : textOf(worker)}</span>
            {worker.state === 'silent' && (
              <span className={styles['what']}>
                last beat <Since at={worker.lastBeatAt} /> ago
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function textOf({ slots, takes, state }: BoardWorker): string {
  const used = slots.of === null ? `${slots.inUse} runs` : `${slots.inUse} of ${slots.of} in use`;
  const own = takes === 'own' ? ', one command line' : '';
  return state === 'beating' ? `${used}${own}` : `${used}${own}, ${STATES[state].word}`;
}
