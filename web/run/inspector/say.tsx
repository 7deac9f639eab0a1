import { useQuery } from '@tanstack/react-query';
import { unturned } from '../../ui/visible.js';
import { unitAbove } from '../asking.js';
import { stepQuery } from '../data.js';
import { Told } from '../told.js';
import { Answers, isOpen } from './answers.js';
import { Guarded } from './guarded.js';
import styles from './inspector.module.css';
import type { PaneProps } from './pane-props.js';
import { instructionsOf, itemOf, type Spoken, spokenKey, titleOf } from './spoken.js';

interface Props extends Pick<PaneProps, 'run' | 'step' | 'asking'> {
  of: Spoken;
}

/** What a person can say of a step or of one item, when it waits for one or nobody else knows. */
export function Say({ run, step, asking, of }: Props) {
  const { unit, waits, question, others, guards } = of;
  const whole = useQuery(stepQuery(run.runId, step.id, -1));
  const { data } = useQuery(stepQuery(run.runId, step.id, itemOf(unit)));
  const above = asking === step.id && unitAbove(run, step, whole.data) === unit;
  if (!data || (!waits && !isOpen(of))) return null;
  const instructions = instructionsOf(data);
  const guarded = waits && guards.length > 0;
  const settled = run.actions.find(({ action }) => action === 'resolve')?.why ?? undefined;
  return (
    <div className={styles['section']}>
      <h3>{titleOf(of)}</h3>
      {above ? (
        <p className="mut">What it asks stands at the top of the page, with the buttons that answer it.</p>
      ) : (
        <>
          {question && <p className={styles['asks']}>{unturned(question.message)}</p>}
          {waits && instructions && <Told text={instructions} />}
        </>
      )}
      {guarded && <Guarded run={run} of={of} />}
      {!above && <p className="mut">{effectOf(of, settled)}</p>}
      {others && <p className="mut">Others wait as well: choose one below.</p>}
      {!above && <Answers key={spokenKey(of)} run={run} of={of} instructions={instructions} />}
    </div>
  );
}

/** What comes of saying something. */
export function effectOf({ waits, status, question, guards }: Spoken, settled: string | undefined): string {
  if (question) return 'Its tool asks this. It is called again with what you answer, and the proof names you.';
  if (waits && guards.length > 0)
    return 'Yes does this, no leaves it out. Nothing of it has been done yet, and the proof names you.';
  if (waits) return 'Do what it asks, then say so. It counts on your word, and the proof names you.';
  if (settled !== undefined) return 'Only while the run can still go on. What is left is to run it again, above.';
  return status === 'unknown'
    ? 'Look what happened, then say how it ended: the run goes on from there.'
    : 'If you know how it ended, say so: the run goes on from there.';
}
