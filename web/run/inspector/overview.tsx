import { StateIcon } from '../../ui/state-icon.js';
import { Time } from '../../ui/time.js';
import { askedIn, isEndAsked } from '../asking.js';
import { agentText } from '../cost-words.js';
import type { StepDetail } from '../data.js';
import { Way } from '../way.js';
import styles from './inspector.module.css';
import { LastLines } from './last-lines.js';
import type { PaneProps } from './pane-props.js';
import { Say } from './say.js';
import { Settled } from './settled.js';
import { spokenOf } from './spoken.js';
import { Values } from './values.js';
import { Word } from './word.js';

/** Why the step is as it is, what its tool was given, and what counts as done. */
export function Overview({ run, step, asking, detail, address, onGo }: PaneProps) {
  const last = detail.attempts.at(-1);
  const agent = run.cost?.agents.find((one) => one.step === step.id);
  const spoken = spokenOf(askedIn(run), step, detail, address.item);
  // What it asks is no failure, and stands beside the button that answers it.
  const asks = spoken?.question !== null && spoken?.question !== undefined;
  // Beside the buttons already; a form is told nowhere else.
  const told = spoken?.waits && detail.action === 'manual' && Object(last?.args)['form'] === undefined;
  const toLogs = () => onGo({ tab: 'logs' });
  return (
    <>
      {step.error && !asks && !isEndAsked(step) && <Failure run={run} step={step.id} error={step.error} />}
      {step.wakeAt && (
        <p className={styles['section']}>
          {step.status === 'retrying' ? 'The next attempt comes at ' : 'It goes on at '}
          <Time at={step.wakeAt} seconds />.
        </p>
      )}
      {step.held && (
        <p className={styles['section']}>
          Its call waits for the rate of <code>{step.held.limit}</code>; the next may be made about{' '}
          <Time at={step.held.until} seconds />, by whichever step comes first.
        </p>
      )}
      {last && (step.status === 'failed' || step.status === 'unknown') && last.logLines > 0 && (
        <LastLines run={run.runId} step={step.id} item={address.item} attempt={last} onMore={toLogs} />
      )}
      {spoken && <Say run={run} step={step} of={spoken} asking={asking} />}
      <Settled run={run} step={step} detail={detail} />
      {agent && (
        <div className={styles['section']}>
          <h3>Cost, as the agent says</h3>
          <p>{agentText(agent)}</p>
        </div>
      )}
      {last?.args !== undefined && last.args !== null && !told && (
        <div className={styles['section']}>
          <h3>{detail.kind === 'system' ? 'What is asked' : 'Arguments, as rendered'}</h3>
          <Values value={last.args} />
        </div>
      )}
      {!last?.args && (
        <div className={styles['section']}>
          <h3>{last?.reusedFrom ? 'Arguments, as the plan has them' : 'Arguments, before it runs'}</h3>
          <Values value={detail.written} />
          {last?.large && <p className="dim">The rendered ones are too large for a page.</p>}
        </div>
      )}
      {last && last.output !== null && !asks && (
        <div className={styles['section']}>
          <h3>Output</h3>
          <Values value={last.output} />
        </div>
      )}
      <Planned detail={detail} />
    </>
  );
}

interface FailureProps {
  run: PaneProps['run'];
  step: string;
  error: NonNullable<PaneProps['step']['error']>;
}

function Failure({ run, step, error }: FailureProps) {
  return (
    <div className={`${styles['section']} ${styles['failure']} q-failed`} role="status">
      <StateIcon shown={{ look: 'failed', word: 'failed' }} />
      <div>
        <p>
          <b>{error.message}</b>
        </p>
        <p className="mut">
          <Way code={error.code} mend={error.mend} run={run} step={step} />
        </p>
        <p className="label">{error.code}</p>
      </div>
    </div>
  );
}

/** Of steps without a tool. */
const DONE_WHEN: Readonly<Record<string, string>> = {
  manual: 'a person says so: nothing is checked',
  wait: 'its time has come',
};
const AFTER_A_CRASH: Readonly<Record<string, string>> = {
  manual: 'it goes on waiting for a person',
  wait: 'it goes on waiting for the same time',
};

function Planned({ detail }: { detail: StepDetail }) {
  const { description, condition, preconditions, verifiers, dependsOn, rollback, timeoutMs, maxAttempts } = detail;
  const own = detail.kind === 'system' ? detail.action : '';
  return (
    <div className={styles['section']}>
      <h3>What the plan says</h3>
      {description && <p className="mut">{description}</p>}
      <dl className={styles['facts-list']}>
        {dependsOn.length > 0 && <Word name="After">{dependsOn.join(', ')}</Word>}
        {condition && <Word name="Only if">{condition}</Word>}
        {preconditions.length > 0 && <Word name="Needs">{preconditions.join(', ')}</Word>}
        <Word name="Done when">
          {verifiers.length === 0
            ? (DONE_WHEN[own] ?? 'its exit code is 0: nothing else is checked')
            : verifiers.map(({ id, required }) => (required ? id : `${id} (warns only)`)).join(', ')}
        </Word>
        <Word name="Undone by">{rollback.length === 0 ? 'nothing' : rollback.map(({ id }) => id).join(', ')}</Word>
        {maxAttempts > 1 && <Word name="Attempts">at most {maxAttempts}</Word>}
        {timeoutMs !== null && <Word name="Time">at most {Math.round(timeoutMs / 1000)} s</Word>}
        <Word name="After a crash">
          {AFTER_A_CRASH[own] ??
            (detail.readOnly || detail.idempotent
              ? 'it runs again by itself'
              : 'it is looked at, and done again only by your word')}
        </Word>
      </dl>
    </div>
  );
}
