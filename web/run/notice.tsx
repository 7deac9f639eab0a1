import { nameOf } from '#ir/name-of.js';
import { named } from '#ir/named.js';
import { Button } from '../ui/button.js';
import { fullTime } from '../ui/format.js';
import { waitShown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { askedIn, askingStep } from './asking.js';
import type { Run } from './data.js';
import styles from './notice.module.css';
import { Question } from './question.js';
import { STEP_SHOWN } from './step-shown.js';
import { Way } from './way.js';

const MOST_NAMED = 20;

interface Props {
  run: Run;
  selected: string | undefined;
  onSelect: (step: string) => void;
}

/** Why the run does not move, or how it failed: the cause, and the way on. */
export function Notice({ run, selected, onSelect }: Props) {
  const { asks, waiting, error, notUndone, declined } = run;
  const asked = askedIn(run);
  const asking = askingStep(run);
  const waits = asked && <Waits run={run} waiting={asked} selected={selected} onSelect={onSelect} />;
  const asksItself = asked !== null && asked.step === asking?.id;
  const failed = run.steps.find(({ status }) => status === 'failed' || status === 'unknown');
  return (
    <div className={styles['notices']} aria-live="polite">
      {asking && <Question key={asking.id} run={run} step={asking} otherwise={asksItself && waits} />}
      {!asksItself && waits}
      {asks && waiting && <Waits run={run} waiting={waiting} selected={selected} onSelect={onSelect} />}
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
      {declined.map(({ step, by, reason, notDone }) => (
        <p key={step} className={`${styles['notice']} q-waiting`}>
          <StateIcon shown={{ look: 'skipped', word: 'not done' }} />
          <span>
            <b>
              Not done, as {nameOf(by)} said no at {step}:
            </b>{' '}
            <span className="mut">
              {named(notDone, MOST_NAMED)} ({reason})
            </span>
          </span>
        </p>
      ))}
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

function Waits({ run, waiting, selected, onSelect }: Props & { waiting: NonNullable<Run['waiting']> }) {
  const { code, what, mend, step } = waiting;
  return (
    <p className={`${styles['notice']} q-${waitShown(code).look}`}>
      <StateIcon shown={waitShown(code)} />
      <span>
        <b>{readable(what)}</b>{' '}
        <span className="mut">
          <Way code={code} mend={mend} run={run} step={step} />
        </span>
      </span>
      {step && <Go step={step} selected={selected} onSelect={onSelect} />}
    </p>
  );
}

/** A time as the rest of the page has it: the room tells it for any reader. */
const readable = (what: string): string => what.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => fullTime(new Date(at)));

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
