import { asProblem } from '../api/problem.js';
import styles from './refusal.module.css';
import { StateIcon } from './state-icon.js';

/** What went wrong, where, and what to do about it, in the room's own words. */
export function Refusal({ error }: { error: unknown }) {
  const { code, what, where, mend, problems } = asProblem(error);
  return (
    <div className={styles['refusal']} role="alert">
      <StateIcon shown={{ look: 'failed', word: 'refused' }} />
      <div>
        <p className={styles['what']}>
          {what} {where && <code>{where}</code>}
        </p>
        {problems.map((problem, place) => (
          <p key={`${place} ${problem.message}`}>
            {problem.message} {problem.where && <code>{problem.where}</code>} {problem.mend}
          </p>
        ))}
        <p className="mut">{mend}</p>
        <p className="label">{code}</p>
      </div>
    </div>
  );
}
