import { failedStep } from '#ir/failed-step.js';
import { nameOf } from '#ir/name-of.js';
import { named } from '#ir/named.js';
import { Button } from '../ui/button.js';
import { fullTime } from '../ui/format.js';
import { standingShown, waitShown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { unturned } from '../ui/visible.js';
import { alsoAsking, askedIn } from './asking.js';
import type { Run, RunStep } from './data.js';
import styles from './notice.module.css';
import { Question } from './question.js';
import { STEP_SHOWN } from './step-shown.js';
import { Way } from './way.js';

const MOST_NAMED = 20;
const MOST_ALSO = 3;

interface Props {
  run: Run;
  /** The step that stands at the top. */
  asking: RunStep | undefined;
  selected: string | undefined;
  onSelect: (step: string) => void;
}

/** Why the run does not move, or how it failed: the cause, and the way on. */
export function Notice({ run, asking, selected, onSelect }: Props) {
  const { asks, waiting, error, notUndone, declined } = run;
  const asked = askedIn(run);
  const also = alsoAsking(run, asking);
  const waits = asked && <Waits run={run} waiting={asked} selected={selected} onSelect={onSelect} />;
  const asksItself = asked !== null && asked.step === asking?.id;
  const asksAlso = also.some(({ id }) => id === asked?.step);
  const failed = failedStep(run.steps, error);
  return (
    <div className={styles['notices']} aria-live="polite">
      {asking && <Question key={asking.id} run={run} step={asking} otherwise={asksItself && waits} />}
      {!asksItself && !asksAlso && waits}
      {also.length > 0 && <Also steps={also} selected={selected} onSelect={onSelect} />}
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

/** What else waits for a word: one question at a time has its buttons at the top, the others theirs beside the step. */
function Also({ steps, selected, onSelect }: Pick<Props, 'selected' | 'onSelect'> & { steps: readonly RunStep[] }) {
  const more = steps.length - MOST_ALSO;
  return (
    <>
      {steps.slice(0, MOST_ALSO).map((step, place) => (
        <p key={step.id} className={`${styles['notice']} q-${standingShown(step).look}`}>
          <StateIcon shown={standingShown(step)} />
          <span>
            <b>{unturned(step.title)}</b>{' '}
            <span className="mut">
              {step.status === 'unknown' ? 'was cut short: nobody knows how far it came.' : 'waits for you as well.'}
              {more > 0 && place === MOST_ALSO - 1 && ` ${more} more ${more === 1 ? 'waits' : 'wait'} for you.`}
            </span>
          </span>
          <Go step={step.id} selected={selected} onSelect={onSelect} />
        </p>
      ))}
    </>
  );
}

function Waits({ run, waiting, selected, onSelect }: Omit<Props, 'asking'> & { waiting: NonNullable<Run['waiting']> }) {
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
const readable = (what: string): string =>
  unturned(what).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => fullTime(new Date(at)));

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
