import { asProblem, type PlanProblem } from '../api/problem.js';
import { Prose } from './prose.js';
import styles from './refusal.module.css';
import { StateIcon } from './state-icon.js';

interface Props {
  error: unknown;
  /** Of a plan: shows the line that a problem names. */
  onLine?: ((line: number) => void) | undefined;
}

/** What went wrong, where, and what to do about it, in the room's own words. */
export function Refusal({ error, onLine }: Props) {
  const { code, what, where, mend, problems } = asProblem(error);
  return (
    <div className={styles['refusal']} role="alert">
      <StateIcon shown={{ look: 'failed', word: 'refused' }} />
      {problems.length > 0 ? (
        <ul className={styles['problems']}>
          {problems.map((problem, place) => (
            <PlanFault key={`${place} ${problem.what}`} problem={problem} onLine={onLine} />
          ))}
        </ul>
      ) : (
        <div>
          <p className={styles['what']}>
            <Prose text={what} /> {where && <code>{where}</code>}
          </p>
          <p className="mut">
            <Prose text={mend} />
          </p>
          <p className="label">{code}</p>
        </div>
      )}
    </div>
  );
}

function PlanFault({ problem, onLine }: { problem: PlanProblem; onLine: Props['onLine'] }) {
  const { code, what, mend, line, column, step } = problem;
  const place = [line === undefined ? '' : `line ${line}:${column ?? 1}`, step ?? '']
    .filter((part) => part !== '')
    .join(', ');
  return (
    <li>
      <p className={styles['what']}>
        {what}{' '}
        {line !== undefined && onLine ? (
          <button type="button" className={styles['place']} onClick={() => onLine(line)}>
            {place}
          </button>
        ) : (
          place && <code>{place}</code>
        )}
      </p>
      <p className="mut">
        <Prose text={mend} />
      </p>
      <p className="label">{code}</p>
    </li>
  );
}
