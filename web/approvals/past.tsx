import { Link } from '@tanstack/react-router';
import { type Said as Saying, saidOf } from '#ir/said.js';
import type { RunStatus } from '#ir/state.js';
import { dollars, fineDuration, fullTime } from '../ui/format.js';
import { askerText } from '../ui/names.js';
import { runShown } from '../ui/state.js';
import { State } from '../ui/state-icon.js';
import { Time } from '../ui/time.js';
import { visible } from '../ui/visible.js';
import { Box } from './box.js';
import styles from './detail.module.css';
import type { IntentDetail } from './model.js';

/** How runs of this title ended on this target before. */
export function History({ history }: Pick<IntentDetail, 'history'>) {
  const went = history.filter(({ status }) => status === 'succeeded').length;
  return (
    <Box title="Before, on this target" note={history.length > 0 && `${went} of ${history.length} succeeded`}>
      {history.length === 0 && <p className={`${styles['quiet']} mut`}>It never ran here.</p>}
      <ul className={styles['history']}>
        {history.map(({ runId, status, word, requestedBy, endedAt, durationMs, costUsd }) => (
          <li key={runId}>
            <Link to="/runs/$run" params={{ run: runId }}>
              <State shown={runShown(status as RunStatus, word)} />
              <Time at={endedAt} />
              <span className="num">
                {fineDuration(durationMs)}
                {costUsd !== null && `, ${dollars(costUsd)}`}
              </span>
              <span className="cut dim">{askerText(requestedBy)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Box>
  );
}

const SAID: Readonly<Record<Saying, string>> = {
  approved: 'approved',
  rejected: 'rejected',
  broke: 'broke the glass',
  askedToBreak: 'asked to break the glass',
};

/** Who has said what so far. */
export function Said({ approvals, glassBrokenBy }: Pick<IntentDetail, 'approvals' | 'glassBrokenBy'>) {
  if (approvals.length === 0) return null;
  return (
    <Box title="Said so far">
      <ul className={styles['said']}>
        {approvals.map(({ by, role, verdict, reason, breakGlass, at }) => (
          <li key={`${by} ${at}`}>
            <p>
              <b title={visible(by)}>{askerText(by)}</b> {SAID[saidOf({ verdict, breakGlass }, { glassBrokenBy })]}
              {role !== null && ` as ${role}`}, <time dateTime={at}>{fullTime(new Date(at))}</time>
            </p>
            <p className="mut">{visible(reason)}</p>
          </li>
        ))}
      </ul>
    </Box>
  );
}
