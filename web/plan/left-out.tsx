import { counted } from '../ui/format.js';
import styles from './page.module.css';

interface Props {
  /** It was a task list, not a runbook. */
  tasks: boolean;
  leftOut: readonly { file?: string; lines: { from: number; to: number }; why: string; firstLine: string }[];
  questions: readonly { lines: { from: number; to: number }; text: string }[];
  onLine: (line: number) => void;
}

/** The blocks of a runbook, or the lines of a task list, that will not run, each with the reason, and what a person has to answer. */
export function LeftOut({ tasks, leftOut, questions, onLine }: Props) {
  return (
    <section className={styles['section']} aria-label="Left out">
      <h2>
        Left out <span className="label">{counted(leftOut.length, tasks ? 'line' : 'block')}</span>
      </h2>
      {leftOut.length === 0 && (
        <p className="dim">
          {tasks
            ? 'Every line that looks like a task became a step.'
            : 'Every block of commands became a part of the plan.'}
        </p>
      )}
      <ul className={styles['rows']}>
        {leftOut.map(({ file, lines, why, firstLine }) => (
          <li key={`${file ?? ''} ${lines.from}`}>
            {file === undefined ? (
              <button type="button" className={styles['line']} onClick={() => onLine(lines.from)}>
                line {lines.from}
              </button>
            ) : (
              <span className={styles['line']}>
                {file.slice(file.lastIndexOf('/') + 1)}:{lines.from}
              </span>
            )}
            <code className="cut" title={firstLine}>
              {firstLine}
            </code>
            <span className="mut">{why}</span>
          </li>
        ))}
        {questions.map(({ lines, text }) => (
          <li key={`question ${lines.from} ${text}`}>
            <button type="button" className={styles['line']} onClick={() => onLine(lines.from)}>
              line {lines.from}
            </button>
            <span>question</span>
            <span className="mut">{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
