import { Link } from '@tanstack/react-router';
import { StateIcon } from '../ui/state-icon.js';
import { Since } from '../ui/time.js';
import type { Board, Need } from './model.js';
import styles from './side.module.css';
import { NEED_VERB } from './words.js';

/** What waits for a person, the oldest first: what is asked, since when, and where to do it. */
export function Needs({ needs, tally }: { needs: readonly Need[]; tally: Board['tally'] }) {
  const { needsYou: total, approvals } = tally;
  return (
    <section id="needs" aria-label="Needs you">
      <h2 className={styles['title']}>
        Needs you {total + approvals > 0 && <span className={`${styles['count']} q-waiting`}>{total + approvals}</span>}
      </h2>
      {needs.length + approvals === 0 && (
        <p className={styles['quiet']}>Nothing. What waits for a person shows up here.</p>
      )}
      {approvals > 0 && (
        <Link to="/approvals" className={styles['all']}>
          {approvals} {approvals === 1 ? 'intent waits' : 'intents wait'} for an approval
        </Link>
      )}
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
      <p>{need.what}</p>
      {need.target !== '' && (
        <p>
          On <span className="mono">{need.target}</span>.
        </p>
      )}
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
        {need.step !== null && (
          <span className="label" title={need.step}>
            step {need.step}
          </span>
        )}
      </div>
    </li>
  );
}
