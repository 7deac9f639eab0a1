import { useState } from 'react';
import { Button } from '../ui/button.js';
import { counted, fineDuration } from '../ui/format.js';
import { Pairs } from '../ui/value.js';
import { rowsOf } from '../ui/values.js';
import { visible } from '../ui/visible.js';
import { Box } from './box.js';
import type { IntentDetail, Step } from './model.js';
import styles from './steps.module.css';
import { doneWords, undoWords } from './words.js';

const FIRST = 20;
/** So many steps show their arguments without being asked. */
const OPENED = 3;

/** What will happen, step by step: what each does, and what counts as done. */
export function WhatWillHappen({ intent }: { intent: IntentDetail }) {
  const { steps, moreSteps, withoutRollback, usuallyMs, warnings } = intent;
  const [all, setAll] = useState(false);
  const total = steps.length + moreSteps;
  const undo = undoWords(withoutRollback, total);
  const note = (
    <>
      {counted(total, 'step')}
      {usuallyMs !== null && `, usually ${fineDuration(usuallyMs)}`}
      {undo !== '' && (
        <>
          . <b className={styles['loud']}>{undo}</b>
        </>
      )}
    </>
  );
  return (
    <Box title="What will happen" note={note}>
      {warnings.length > 0 && (
        <ul className={styles['warnings']} aria-label="Warnings">
          {warnings.map((warning) => (
            <li key={warning}>{visible(warning)}</li>
          ))}
        </ul>
      )}
      <table className={styles['plan']}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Does</th>
            <th scope="col">Counts as done when</th>
          </tr>
        </thead>
        <tbody>
          {(all ? steps : steps.slice(0, FIRST)).map((step) => (
            <StepRow key={step.id} step={step} />
          ))}
        </tbody>
      </table>
      <Rest shown={all ? steps.length : FIRST} listed={steps.length} total={total} onAll={() => setAll(true)} />
    </Box>
  );
}

function StepRow({ step }: { step: Step }) {
  const { id, title, tool, isolation, warnings } = step;
  return (
    <tr>
      <td className="mono">{visible(id)}</td>
      <td>
        {visible(title)}
        <p className="label">
          {visible(tool ?? 'by Opsroom itself')}
          {isolation !== 'none' && `, isolated: ${isolation}`}
          {warnings.map((warning) => ` · ${visible(warning)}`)}
        </p>
      </td>
      <td className="mut">{visible(doneWords(step))}</td>
    </tr>
  );
}

interface RestProps {
  shown: number;
  listed: number;
  total: number;
  onAll: () => void;
}

function Rest({ shown, listed, total, onAll }: RestProps) {
  if (shown < listed)
    return (
      <p className={styles['rest']}>
        <Button onClick={onAll}>{counted(listed - shown, 'more step')}</Button>
      </p>
    );
  return total > listed ? (
    <p className={`${styles['rest']} mut`}>
      {counted(total - listed, 'more step')} {total - listed === 1 ? 'is' : 'are'} not shown: see the plan.
    </p>
  ) : null;
}

/** What each step is given, as it will be. */
export function Arguments({ steps }: { steps: readonly Step[] }) {
  return (
    <Box title="Arguments, as rendered" note={steps.length > OPENED ? 'a step opens by a click' : undefined}>
      {steps.map((step) => (
        <details key={step.id} className={styles['args']} open={steps.length <= OPENED}>
          <summary>
            <code>{visible(step.id)}</code> <span className="label">{visible(step.tool ?? '')}</span>
          </summary>
          <StepArguments step={step} />
        </details>
      ))}
    </Box>
  );
}

function StepArguments({ step }: { step: Step }) {
  const rows = rowsOf(step.args);
  return rows.length === 0 ? <p className="dim">It takes none.</p> : <Pairs rows={rows} marked />;
}
