import { Link } from '@tanstack/react-router';
import { StateIcon } from '../ui/state-icon.js';
import { Since } from '../ui/time.js';
import type { Need } from './model.js';
import styles from './side.module.css';
import { NEED_VERB } from './words.js';

/** What waits for a person, the oldest first: what is asked, since when, and where to do it. */
export function Needs({ needs, total }: { needs: readonly Need[]; total: number }) {
  return (
    <section id="needs" aria-label="Needs you">
      <h2 className={styles['title']}>
        Needs you {total > 0 && <span className={`${styles['count']} q-waiting`}>{total}</span>}
      </h2>
      {needs.length === 0 && <p className={styles['quiet']}>Nothing. Runs that wait for a person show up here.</p>}
      <ul>
        {needs.map((need) => (
          <NeedRow key={`${need.runId} ${need.step}`} need={need} />
        ))}
      </ul>
      {total > needs.length && (
        <Link to="/runs" search={{ status: 'waiting' }} className={styles['all']}>
          {total - needs.length} more that wait
        </Link>
      )}
    </section>
  );
}

function NeedRow({ need }: { need: Need }) {
  const look = need.kind === 'confirm' ? 'waiting' : need.kind === 'resolve' ? 'unknown' : 'parked';
  const verb = NEED_VERB[need.kind];
  return (
    <li className={`${styles['need']} q-${look}`}>
      <StateIcon shown={{ look, word: verb }} />
      <b className="cut" title={need.title}>
        {verb}: {need.title}
      </b>
      <Since at={need.since} />
      {need.stepTitle !== null && need.stepTitle !== need.what && <p className={styles['step']}>{need.stepTitle}</p>}
      <p>
        {need.what}
        {need.target !== '' && (
          <>
            {' '}
            On <span className="mono">{need.target}</span>.
          </>
        )}
      </p>
      <div className={styles['acts']}>
        <Link
          to="/runs/$run"
          params={{ run: need.runId }}
          search={need.step === null ? {} : { step: need.step }}
          className={styles['open']}
          data-need={need.runId}
        >
          {need.step === null ? 'Open run' : 'Open step'}
          <span className="vh">
            {' '}
            of {need.title}
            {need.step === null ? '' : `, ${need.step}`}
          </span>
        </Link>
        {need.step !== null && <span className="label">step {need.step}</span>}
      </div>
    </li>
  );
}
