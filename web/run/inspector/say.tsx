import { useState } from 'react';
import type { QuestionOfStep } from '#ir/question.js';
import { whyNotSettled } from '#ir/state.js';
import { Button } from '../../ui/button.js';
import { AnswerDialog } from '../answer-dialog.js';
import type { Run, RunStep } from '../data.js';
import { type Asked, WordDialog } from '../word-dialog.js';
import styles from './inspector.module.css';

/** What a person can say of the step, when it waits for one or nobody else knows. */
export function Say({ run, step }: { run: Run; step: RunStep }) {
  const [asked, setAsked] = useState<Asked>();
  const [answers, setAnswers] = useState(false);
  const allowed = (action: 'answer' | 'confirm' | 'resolve') =>
    run.actions.find((state) => state.action === action)?.why ?? undefined;
  const waits = step.status === 'waiting' && step.wakeAt === null;
  const open = whyNotSettled(step.status) === undefined && step.status !== 'pending' && step.status !== 'cancelled';
  if (!waits && !open) return null;
  return (
    <div className={styles['section']}>
      <h3>{waits ? 'It waits for you' : 'Settle it yourself'}</h3>
      {step.question && <p className={styles['asks']}>{step.question.message}</p>}
      <p className="mut">
        {step.question
          ? 'Its tool asks this. It is called again with what you answer, and the proof names you.'
          : waits
            ? 'Do what it asks, then say so. It counts on your word, and the proof names you.'
            : allowed('resolve') === undefined
              ? 'If you know how it ended, say so: the run goes on from there.'
              : 'Only while the run can still go on. What is left is to run it again, above.'}
      </p>
      <div className={styles['buttons']}>
        {step.question && (
          <Button look="go" why={allowed('answer')} onClick={() => setAnswers(true)}>
            Answer
          </Button>
        )}
        {waits && !step.question && (
          <Button look="go" why={allowed('confirm')} onClick={() => setAsked('confirm')}>
            It is done
          </Button>
        )}
        {open && (
          <Button why={allowed('resolve')} onClick={() => setAsked('resolve')}>
            Say how it ended
          </Button>
        )}
      </div>
      {answers && step.question && (
        <AnswerDialog run={run.runId} question={step.question as QuestionOfStep} onClose={() => setAnswers(false)} />
      )}
      {asked && (
        <WordDialog
          run={run.runId}
          step={step.question?.step ?? step.id}
          asked={asked}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}
