import { useQuery } from '@tanstack/react-query';
import { StateIcon } from '../ui/state-icon.js';
import { aboutOf, contextOf, headingOf } from './asking.js';
import { type Run, type RunStep, stepQuery } from './data.js';
import { Answers } from './inspector/answers.js';
import { effectOf } from './inspector/say.js';
import { guardedTitles, instructionsOf, spokenOf } from './inspector/spoken.js';
import styles from './notice.module.css';
import { Sentence } from './sentence.js';
import { Told } from './told.js';

interface Props {
  run: Run;
  /** That asks. */
  step: RunStep;
}

/** What a person is asked, with the buttons that answer it: the run goes on with nothing else. */
export function Question({ run, step }: Props) {
  const { data } = useQuery(stepQuery(run.runId, step.id, -1));
  const spoken = data && spokenOf(run.waiting, step, data, -1);
  if (!data || !spoken) return null;
  const { unit, question, guards } = spoken;
  const told = question?.message ?? instructionsOf(data);
  const waits = run.waiting?.step === step.id ? run.waiting.what : '';
  const context = question ? undefined : contextOf(waits, told);
  const isPaused = run.status === 'paused' || run.status === 'pausing';
  return (
    <section className={`${styles['notice']} ${styles['question']} q-waiting`} aria-label="What you are asked">
      <StateIcon shown={{ look: 'waiting', word: 'waits' }} />
      <div className={styles['asked']}>
        <p>
          <b>{question ? `${step.title} asks` : headingOf(run.steps, step, { unit, asks: guards.length > 0 })}</b>{' '}
          <code className="mut">{unit}</code>
        </p>
        {context !== undefined && (
          <p>
            <Sentence text={context} run={run.runId} step={step.id} />
          </p>
        )}
        {told !== undefined && !saysNoMore(told, step.title) && <Told text={told} />}
        <p className="mut">
          {aboutOf(guardedTitles(run.steps, spoken))}
          {effectOf(spoken, undefined)}
          {isPaused && ' The run is paused: what you say is kept, and it goes on only when it is resumed.'}
        </p>
        <Answers run={run} of={spoken} instructions={told} byKeys />
      </div>
    </section>
  );
}

/** Whether it tells what the title has told already. */
const saysNoMore = (told: string, title: string): boolean =>
  told.replace(/\.$/, '').trim() === title.replace(/\.$/, '').trim();
