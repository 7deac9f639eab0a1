import { Link } from '@tanstack/react-router';
import { restsOn } from '#ir/done-word.js';
import { hasEnded } from '#ir/state.js';
import { CopyButton } from '../ui/copy.js';
import { shortRun } from '../ui/format.js';
import { ROLLING_BACK } from '../ui/state.js';
import { State } from '../ui/state-icon.js';
import { unturned } from '../ui/visible.js';
import { standingOf } from './asking.js';
import type { Run } from './data.js';
import styles from './head.module.css';

/** What this run is, how it stands, and what that rests on. */
export function Head({ run }: { run: Run }) {
  const { done, total } = run.progress;
  const shown = standingOf(run);
  const rests = hasEnded(run.status) ? restsOn(run.steps) : undefined;
  return (
    <header className={styles['head']}>
      <p className={styles['what']}>
        <Link to="/runs" className="dim">
          Runs
        </Link>
        <span className="dim" aria-hidden="true">
          /
        </span>
      </p>
      <h1 className={styles['title']} title={unturned(run.title)}>
        {unturned(run.title)}
      </h1>
      <span className={styles['id']}>
        <code className="dim">{shortRun(run.runId)}</code>
        <CopyButton text={run.runId} what="the id of the run" />
      </span>
      <span className={`${styles['state']} q-${shown.look}`}>
        <State shown={shown} />
      </span>
      <span className={styles['progress']}>
        {run.rollingBack && shown !== ROLLING_BACK ? 'rolling back, ' : ''}
        {done} of {total} {total === 1 ? 'step' : 'steps'}
        {rests && `: ${rests}`}
      </span>
    </header>
  );
}
