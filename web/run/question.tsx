import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refusal } from '../ui/refusal.js';
import { StateIcon } from '../ui/state-icon.js';
import { unturned } from '../ui/visible.js';
import { aboutOf, askedIn, contextOf, headingOf } from './asking.js';
import { type Run, type RunStep, stepQuery } from './data.js';
import { Answers } from './inspector/answers.js';
import { effectOf } from './inspector/say.js';
import { guardedTitles, instructionsOf, itemOf, spokenKey, spokenOf } from './inspector/spoken.js';
import styles from './notice.module.css';
import { Sentence } from './sentence.js';
import { Told } from './told.js';

interface Props {
  run: Run;
  /** That asks. */
  step: RunStep;
  /** What is said instead where the step cannot be read. */
  otherwise: ReactNode;
}

/** What a person is asked, with the buttons that answer it: the run goes on with nothing else. */
export function Question({ run, step, otherwise }: Props) {
  const whole = useQuery(stepQuery(run.runId, step.id, -1));
  const spoken = whole.data && spokenOf(askedIn(run), step, whole.data, -1);
  const item = spoken ? itemOf(spoken.unit) : -1;
  // Of an item the step as a whole knows only what is written, not what is asked.
  const { data, error, isPending } = useQuery(stepQuery(run.runId, step.id, item));
  if (!data || !spoken) return isPending ? null : <Unread error={error}>{otherwise}</Unread>;
  const { unit, question, guards } = spoken;
  const told = question?.message ?? instructionsOf(data);
  const isParkedFor = run.waiting?.step === step.id && (item < 0 || run.waiting.item === item);
  const waits = isParkedFor ? (run.waiting?.what ?? '') : '';
  const context = question ? undefined : contextOf(waits, told);
  const isPaused = run.status === 'paused' || run.status === 'pausing';
  return (
    <section className={`${styles['notice']} ${styles['question']} q-waiting`} aria-label="What you are asked">
      <StateIcon shown={{ look: 'waiting', word: 'waits' }} />
      <div className={styles['asked']}>
        <p>
          <b>
            {question ? `${unturned(step.title)} asks` : headingOf(run.steps, step, { unit, asks: guards.length > 0 })}
          </b>{' '}
          <code className="mut">{unit}</code>
        </p>
        {context !== undefined && (
          <p>
            <Sentence text={unturned(context)} run={run.runId} step={step.id} />
          </p>
        )}
        {told !== undefined && !saysNoMore(told, step.title) && <Told text={told} />}
        <p className="mut">
          {aboutOf(guardedTitles(run.steps, spoken))}
          {effectOf(spoken, undefined)}
          {isPaused && ' The run is paused: what you say is kept, and it goes on only when it is resumed.'}
        </p>
        <Answers key={spokenKey(spoken)} run={run} of={spoken} instructions={told} byKeys />
      </div>
    </section>
  );
}

function Unread({ error, children }: { error: Error | null; children: ReactNode }) {
  return (
    <>
      {children}
      {error && <Refusal error={error} />}
    </>
  );
}

/** Whether it tells what the title has told already. */
const saysNoMore = (told: string, title: string): boolean =>
  told.replace(/\.$/, '').trim() === title.replace(/\.$/, '').trim();
