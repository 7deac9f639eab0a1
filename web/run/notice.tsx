import { guardsOf } from '#ir/guards.js';
import type { Plan } from '#ir/plan.js';
import { Button } from '../ui/button.js';
import { StateIcon } from '../ui/state-icon.js';
import type { Run } from './data.js';
import styles from './notice.module.css';
import { STEP_SHOWN } from './step-shown.js';
import { Way } from './way.js';

interface Props {
  run: Run;
  /** Undefined until it is read. */
  plan: Plan | undefined;
  selected: string | undefined;
  onSelect: (step: string) => void;
}

/** Why the run does not move, or how it failed: the cause, and the way on. */
export function Notice({ run, plan, selected, onSelect }: Props) {
  const { waiting, error, notUndone } = run;
  const asks = plan && [...guardsOf(plan).values()].flat().includes(waiting?.step ?? '');
  const failed = run.steps.find(({ status }) => status === 'failed' || status === 'unknown');
  return (
    <div className={styles['notices']} aria-live="polite">
      {waiting && (
        <p className={`${styles['notice']} q-waiting`}>
          <StateIcon shown={{ look: 'waiting', word: 'waits' }} />
          <span>
            <b>{waiting.what}</b>{' '}
            <span className="mut">
              <Way code={waiting.code} mend={waiting.mend} run={run} step={waiting.step} asks={asks} />
            </span>
          </span>
          {waiting.step && <Go step={waiting.step} selected={selected} onSelect={onSelect} />}
        </p>
      )}
      {error && (
        <p className={`${styles['notice']} q-failed`}>
          <StateIcon shown={{ look: 'failed', word: 'failed' }} />
          <span>
            <b>{error.message}</b>{' '}
            <span className="mut">
              <Way code={error.code} mend={error.mend} run={run} step={failed?.id} />
            </span>
          </span>
          {failed && <Go step={failed.id} selected={selected} onSelect={onSelect} />}
        </p>
      )}
      {notUndone.length > 0 && (
        <p className={`${styles['notice']} q-rolled`}>
          <StateIcon shown={{ look: 'rolled', word: 'rolled back' }} />
          <span>
            <b>Rolled back, but not all of it:</b>{' '}
            <span className="mut">{notUndone.map(({ step, why }) => `${step} (${why})`).join(', ')}</span>
          </span>
        </p>
      )}
    </div>
  );
}

/** Where the step stands below all the rest, also when it is the one that is shown. */
function Go({ step, selected, onSelect }: Pick<Props, 'selected' | 'onSelect'> & { step: string }) {
  const go = () => {
    onSelect(step);
    document.getElementById(STEP_SHOWN)?.scrollIntoView();
  };
  return (
    <Button className={step === selected ? styles['shown'] : undefined} onClick={go}>
      Show {step}
    </Button>
  );
}
