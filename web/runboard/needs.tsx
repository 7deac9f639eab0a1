import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isForYou, openIntents } from '../api/open-intents.js';
import { StateIcon } from '../ui/state-icon.js';
import { Since } from '../ui/time.js';
import { unturned } from '../ui/visible.js';
import { withCode } from '../ui/with-code.js';
import { type Approvals, approvalsOf } from './approvals-of.js';
import type { Board, Need } from './model.js';
import styles from './side.module.css';
import { NEED_VERB, needText } from './words.js';

/** What waits for a person, the oldest first: what is asked, since when, and where to do it. */
export function Needs({ needs, tally }: { needs: readonly Need[]; tally: Board['tally'] }) {
  const { needsYou: total, notUndone } = tally;
  const { yours, others, unknown } = useApprovals(tally.approvals);
  const all = total + notUndone + yours;
  return (
    <section id="needs" aria-label="Needs you">
      <h2 className={styles['title']}>
        Needs you {all > 0 && <span className={`${styles['count']} q-waiting`}>{all}</span>}
      </h2>
      {all + unknown === 0 && <p className={styles['quiet']}>Nothing. What waits for a person shows up here.</p>}
      {yours > 0 && (
        <Link to="/approvals" className={styles['all']}>
          {yours} {yours === 1 ? 'intent waits' : 'intents wait'} for your approval
        </Link>
      )}
      {unknown > 0 && (
        <Link to="/approvals" className={styles['all']}>
          {unknown} {yours > 0 && 'more '}
          {unknown === 1 ? 'intent waits' : 'intents wait'} for an approval
        </Link>
      )}
      {others > 0 && (
        <Link to="/approvals" className={`${styles['all']} dim`}>
          {others} {others === 1 ? 'intent waits' : 'intents wait'} for somebody else
        </Link>
      )}
      {notUndone > 0 && (
        <Link to="/runs" search={{ status: 'failed', needsPerson: 'true' }} className={styles['all']}>
          {notUndone} {notUndone === 1 ? 'run' : 'runs'} failed and not all was undone
        </Link>
      )}
      <ul>
        {needs.map((need) => (
          <NeedRow key={`${need.runId} ${need.step}`} need={need} />
        ))}
      </ul>
      {total > needs.length && (
        <Link to="/runs" search={{ needsPerson: 'true' }} className={styles['all']}>
          {total - needs.length} more that wait
        </Link>
      )}
    </section>
  );
}

/** Whose intents wait, of all that the board counts. */
function useApprovals(waiting: number): Approvals {
  const { data, hasNextPage, refetch } = useInfiniteQuery({ ...openIntents, enabled: waiting > 0 });
  useEffect(() => {
    if (waiting > 0) void refetch();
  }, [waiting, refetch]);
  const found = data?.pages.flatMap(({ intents }) => intents).filter(isForYou).length ?? 0;
  return approvalsOf(waiting, found, data !== undefined && !hasNextPage);
}

function NeedRow({ need }: { need: Need }) {
  const look = need.kind === 'confirm' ? 'waiting' : need.kind === 'resolve' ? 'unknown' : 'parked';
  const verb = NEED_VERB[need.kind];
  return (
    <li className={`${styles['need']} q-${look}`}>
      <StateIcon shown={{ look, word: verb }} />
      <b className="cut" title={unturned(need.title)}>
        {verb}: {unturned(need.title)}
      </b>
      <Since at={need.since} />
      {need.stepTitle !== null && need.stepTitle !== need.what && (
        <p className={styles['step']}>{unturned(need.stepTitle)}</p>
      )}
      <p>{withCode(needText(need))}</p>
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
            of {unturned(need.title)}
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
