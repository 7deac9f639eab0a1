import { Link } from '@tanstack/react-router';
import { hasEnded } from '#ir/state.js';
import { fineDuration } from '../ui/format.js';
import { askerText, targetText } from '../ui/names.js';
import { State, StateIcon } from '../ui/state-icon.js';
import { Since, Time } from '../ui/time.js';
import { unturned } from '../ui/visible.js';
import type { RunRow } from './model.js';
import styles from './table.module.css';
import { rowShown } from './words.js';

interface Props {
  run: RunRow;
  place: number;
  selected: boolean;
  onSelect: (selected: boolean) => void;
}

/** One run: it is opened by its title, and chosen by its box. */
export function Row({ run, place, selected, onSelect }: Props) {
  const { runId, shortId, session } = run;
  const title = unturned(run.title);
  const target = targetText(run.target);
  return (
    <tr className={selected ? styles['selected'] : undefined} data-index={place}>
      <td className={styles['box']}>
        <label>
          <input
            type="checkbox"
            checked={selected}
            aria-label={`Select ${title}, ${shortId}`}
            onChange={(event) => onSelect(event.target.checked)}
          />
        </label>
      </td>
      <td className={styles['state']}>
        <State shown={rowShown(run)} />
      </td>
      <td className={`${styles['title']} cut`}>
        <Link to="/runs/$run" params={{ run: runId }} title={title} data-place={place}>
          {title}
        </Link>
        {session && (
          <span className="dim" title={`Session ${session.name}`}>
            {' '}
            · {session.name}
          </span>
        )}
      </td>
      <td className={`${styles['id']} mono dim`}>{shortId}</td>
      <td className={`${styles['target']} mono mut cut`} title={target}>
        {target}
      </td>
      <td className={`${styles['lane']} mono`}>{run.lane}</td>
      <td className={`${styles['by']} mut cut`} title={run.requestedBy}>
        {askerText(run.requestedBy)}
      </td>
      <Verdicts run={run} />
      <td className={`${styles['created']} num`}>
        <Time at={run.createdAt} />
      </td>
      <td className={`${styles['took']} num`}>
        <Took run={run} />
      </td>
    </tr>
  );
}

function Took({ run: { status, startedAt, endedAt } }: { run: RunRow }) {
  if (startedAt === null) return <span className="dim">–</span>;
  if (endedAt !== null) return fineDuration(Date.parse(endedAt) - Date.parse(startedAt));
  return hasEnded(status) ? <span className="dim">–</span> : <Since at={startedAt} />;
}

/** Always four columns, so that a proof that is missing is a hole. */
function Verdicts({ run: { verdicts } }: { run: RunRow }) {
  const { proven, holds, exitCodeOnly, failed } = verdicts;
  const columns = [
    { look: 'proven', word: 'proven', count: proven },
    { look: 'holds', word: 'holds, not proven by this step', count: holds },
    { look: 'exit', word: 'exit code only', count: exitCodeOnly },
    { look: 'failed', word: 'failed', count: failed },
  ] as const;
  const said = columns.map(({ word, count }) => `${count} ${word}`).join('; ');
  return (
    <td className={styles['verdicts']}>
      <span role="img" aria-label={said} title={said}>
        {columns.map((shown) => (
          <span key={shown.look}>
            {shown.count > 0 && (
              <>
                <StateIcon shown={shown} />
                {shown.count}
              </>
            )}
          </span>
        ))}
      </span>
    </td>
  );
}
