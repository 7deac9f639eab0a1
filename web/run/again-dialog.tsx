import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { changedInputs, stepsReading } from '#ir/input-readers.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { InputForm } from '../ui/input-form/input-form.js';
import { fieldsOf, inputsOf, typedFrom } from '../ui/input-form/inputs.js';
import { inputShape } from '../ui/input-form/shape.js';
import { askerText } from '../ui/names.js';
import { Refusal } from '../ui/refusal.js';
import styles from './again-dialog.module.css';
import type { Run } from './data.js';
import { useAgain } from './do.js';
import { spokenFor, stepsAgain } from './steps-again.js';

interface Props {
  run: Run;
  plan: Plan;
  how: 'failed' | 'from' | 'edit' | 'fresh';
  /** The step that is shown. */
  step: string | undefined;
  onClose: () => void;
}

const TITLES = {
  failed: 'Re-run what was not done',
  from: 'Re-run from a step',
  edit: 'Re-run with other inputs',
  fresh: 'Start one like this',
} as const;

/** Begins with whatever was not done; no step has such an id. */
const NOT_DONE = '/';

/** Starts the run again as another one: says what runs again and what is taken over before it does. */
export default function AgainDialog({ run, plan, how, step, onClose }: Props) {
  const navigate = useNavigate();
  // With other inputs what was done would be done again: that is another dialog.
  const fields = how === 'failed' ? [] : fieldsOf(inputShape(plan));
  const [typed, setTyped] = useState(() => typedFrom(fields, run.inputs as JsonObject));
  const [asked, setAsked] = useState(false);
  const [from, setFrom] = useState(how === 'failed' ? NOT_DONE : how === 'fresh' ? '' : (step ?? ''));
  const again = useAgain(run.runId);
  const { inputs, wrong } = inputsOf(fields, typed);
  const changed = changedInputs(run.inputs as JsonObject, { ...(run.inputs as JsonObject), ...inputs });
  const isWrong = Object.keys(wrong).length > 0;
  const send = () => {
    setAsked(true);
    if (isWrong) return;
    const body = {
      ...(from === '' ? { fresh: true } : from === NOT_DONE ? {} : { from }),
      ...(changed.length > 0 ? { inputs } : {}),
    };
    again.mutate(body, {
      onSuccess: ({ runId }) => {
        onClose();
        void navigate({ to: '/runs/$run', params: { run: runId } });
      },
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={TITLES[how]}
      about="A new run of the same plan. This one stays as it is."
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="go" disabled={again.isPending} onClick={send}>
            Start the run
          </Button>
        </>
      }
    >
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {how !== 'fresh' && <From plan={plan} from={from} onFrom={setFrom} notDone={how === 'failed'} />}
        {fields.length > 0 && <InputForm fields={fields} typed={typed} wrong={asked ? wrong : {}} onType={setTyped} />}
        <Consequence run={run} plan={plan} from={from} changed={changed} />
        {again.error && <Refusal error={again.error} />}
      </form>
    </Dialog>
  );
}

interface FromProps {
  plan: Plan;
  from: string;
  onFrom: (step: string) => void;
  /** Whether what was not done is a place to begin with. */
  notDone: boolean;
}

function From({ plan, from, onFrom, notDone }: FromProps) {
  return (
    <label className={styles['from']}>
      <span>Begin with</span>
      <select value={from} onChange={({ target }) => onFrom(target.value)}>
        {notDone && <option value={NOT_DONE}>what was not done, and take the rest over</option>}
        <option value="">the first step, and take nothing over</option>
        {plan.steps.map(({ id, title }) => (
          <option key={id} value={id}>
            {title === id ? id : `${id}: ${title}`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ConsequenceProps {
  run: Run;
  plan: Plan;
  from: string;
  changed: readonly string[];
}

/** What will happen, in steps: the room decides by the same rules. */
function Consequence({ run, plan, from, changed }: ConsequenceProps) {
  const starts = from === NOT_DONE ? [] : [from];
  const { again, kept } = stepsAgain(
    plan,
    run.steps,
    from === '' ? undefined : [...starts, ...stepsReading(plan, changed)],
  );
  const spoken = spokenFor(run.steps, kept);
  return (
    <dl className={styles['consequence']}>
      <dt>Changed</dt>
      <dd>{changed.length === 0 ? 'no input' : <code>{changed.join(', ')}</code>}</dd>
      <dt>Runs again</dt>
      <dd>
        <code>{list(again)}</code>
      </dd>
      <dt>Taken over</dt>
      <dd>{kept.length === 0 ? 'nothing' : <code>{list(kept)}</code>}</dd>
      {spoken.length > 0 && (
        <>
          <dt>Not asked again</dt>
          <dd>{spoken.map(({ id, by }) => `${id}, on the word of ${askerText(by)}`).join('; ')}</dd>
        </>
      )}
      {run.notUndone.length > 0 && (
        <>
          <dt>Look first</dt>
          <dd>
            The rollback of this run left something as it was:{' '}
            <code>{list(run.notUndone.map(({ step }) => step))}</code>
          </dd>
        </>
      )}
    </dl>
  );
}

const MOST_NAMED = 12;

const list = (ids: readonly string[]): string =>
  `${ids.slice(0, MOST_NAMED).join(', ')}${ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ''}`;
