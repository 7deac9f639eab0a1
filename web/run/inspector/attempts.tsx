import { Button } from '../../ui/button.js';
import { fineDuration, shortRun } from '../../ui/format.js';
import { askerText } from '../../ui/names.js';
import { useNow } from '../../ui/now.js';
import { stepShown } from '../../ui/state.js';
import { StateIcon } from '../../ui/state-icon.js';
import { Time } from '../../ui/time.js';
import { endOf } from '../bars.js';
import type { Attempt } from '../data.js';
import styles from './attempts.module.css';
import pane from './inspector.module.css';
import type { PaneProps } from './pane-props.js';
import { Word } from './word.js';

/** Every attempt, the failed ones too: the latest first. */
export function Attempts({ detail, onGo }: PaneProps) {
  if (detail.attempts.length === 0) return <p className={pane['none']}>It was not begun.</p>;
  return (
    <ol>
      {detail.attempts
        .map((attempt, place) => ({ ...attempt, endedAt: endOf(detail.attempts, place) }))
        .toReversed()
        .map((attempt) => (
          <One
            key={`${attempt.revision} ${attempt.attempt}`}
            attempt={attempt}
            onLog={() => onGo({ tab: 'logs', attempt: attempt.attempt, line: undefined })}
          />
        ))}
    </ol>
  );
}

function One({ attempt, onLog }: { attempt: Attempt; onLog: () => void }) {
  const { status, word, startedAt, endedAt, error, worker, isolation, wakeAt, person, reusedFrom, logLines } = attempt;
  const now = useNow(1000).getTime();
  const shown = stepShown(status, word);
  const took = (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
  return (
    <li className={pane['section']}>
      <p className={styles['line']}>
        <StateIcon shown={shown} />
        <b>Attempt {attempt.attempt}</b>
        <span className={`q-${shown.look}`} style={{ color: 'var(--q)' }}>
          {shown.word}
        </span>
        <span className="grow" />
        <Time at={startedAt} seconds />
        <code>{fineDuration(took)}</code>
      </p>
      {error && (
        <p className={styles['error']}>
          {error.message} <span className="label">{error.code}</span>
        </p>
      )}
      <dl className={pane['facts-list']}>
        {wakeAt && endedAt !== null && (
          <Word name="Next attempt">
            <Time at={wakeAt} seconds />
          </Word>
        )}
        {person && (
          <Word name="Settled by">
            {askerText(person.by)}: {person.reason}
          </Word>
        )}
        {reusedFrom && <Word name="Taken over">from run {shortRun(reusedFrom)}</Word>}
        {isolation && <Word name="Isolation">{isolation}</Word>}
        {worker && (
          <Word name="Worker">
            <code title={worker.id}>{shortRun(worker.id)}</code>, epoch {worker.epoch}
          </Word>
        )}
      </dl>
      {logLines > 0 && (
        <Button look="bare" onClick={onLog}>
          Log, {logLines} {logLines === 1 ? 'line' : 'lines'}
        </Button>
      )}
    </li>
  );
}
