import { lazy, Suspense, useState } from 'react';
import { whyNotSettled } from '#ir/state.js';
import { Button } from '../../ui/button.js';
import type { Run } from '../data.js';
import { type Asked, WordDialog } from '../word-dialog.js';
import styles from './inspector.module.css';
import { guardedTitles, type Spoken } from './spoken.js';

// It checks forms with a library that nothing else of the page needs.
const AnswerDialog = lazy(async () => ({ default: (await import('../answer-dialog.js')).AnswerDialog }));

interface Props {
  run: Run;
  of: Spoken;
  /** What a manual step tells whoever does it. */
  instructions: string | undefined;
}

/** What a person can say of a step or of one item, when it waits for one or nobody else knows. */
export function Say({ run, of, instructions }: Props) {
  const { unit, status, waits, question, others, guards } = of;
  const [asked, setAsked] = useState<Asked>();
  const [answers, setAnswers] = useState(false);
  const allowed = (action: 'answer' | 'confirm' | 'resolve') =>
    run.actions.find((state) => state.action === action)?.why ?? undefined;
  const open = whyNotSettled(status) === undefined && status !== 'pending' && status !== 'cancelled';
  const guarded = waits && guards.length > 0;
  const it = unit.includes('#') ? unit : undefined;
  if (!waits && !open) return null;
  return (
    <div className={styles['section']}>
      <h3>{waits ? `${it ?? 'It'} waits for you` : `Settle ${it ?? 'it'} yourself`}</h3>
      {question && <p className={styles['asks']}>{question.message}</p>}
      {waits && instructions && <p className={styles['asks']}>{instructions}</p>}
      {guarded && (
        <ul className={styles['guarded']} aria-label="What it asks about">
          {guardedTitles(run.steps, of).map((title, place) => (
            <li key={guards[place]}>
              {title} {title !== guards[place] && <code className="dim">{guards[place]}</code>}
            </li>
          ))}
        </ul>
      )}
      <p className="mut">
        {question
          ? 'Its tool asks this. It is called again with what you answer, and the proof names you.'
          : guarded
            ? 'Yes does this, no leaves it out. Nothing of it has been done yet, and the proof names you.'
            : waits
              ? 'Do what it asks, then say so. It counts on your word, and the proof names you.'
              : allowed('resolve') === undefined
                ? 'If you know how it ended, say so: the run goes on from there.'
                : 'Only while the run can still go on. What is left is to run it again, above.'}
        {others && ' Others wait as well: choose one below.'}
      </p>
      <div className={styles['buttons']}>
        {question && (
          <Button look="go" why={allowed('answer')} onClick={() => setAnswers(true)}>
            Answer
          </Button>
        )}
        {waits && !question && (
          <Button look="go" why={allowed('confirm')} onClick={() => setAsked(guarded ? 'allow' : 'confirm')}>
            {guarded ? 'Yes, do it' : 'It is done'}
          </Button>
        )}
        {open && guarded && (
          <Button why={allowed('resolve')} onClick={() => setAsked('decline')}>
            No, leave it out
          </Button>
        )}
        {open && !guarded && (
          <Button why={allowed('resolve')} onClick={() => setAsked('resolve')}>
            Say how it ended
          </Button>
        )}
      </div>
      <Suspense>
        {answers && question && <AnswerDialog run={run.runId} question={question} onClose={() => setAnswers(false)} />}
      </Suspense>
      {asked && (
        <WordDialog
          run={run.runId}
          step={unit}
          asked={asked}
          guarded={guardedTitles(run.steps, of)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}
