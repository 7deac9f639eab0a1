import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { InputForm } from '../ui/input-form/input-form.js';
import { fieldsOf, inputsOf, type Typed } from '../ui/input-form/inputs.js';
import { inputShape } from '../ui/input-form/shape.js';
import { Refusal } from '../ui/refusal.js';
import { listLacks } from '../ui/tool-list.js';
import { type Compiled, inputsOfPlan } from './compiled.js';
import { type Draft, isRunbook, isTaskList, lacksIn, planOf } from './draft.js';
import { DryRunView } from './dry-run.js';
import { InSession } from './in-session.js';
import { changesIn, originTexts, questionTexts, shownTexts } from './input-origins.js';
import { MayCall } from './may-call.js';
import { toolsBody } from './may-call-list.js';
import styles from './page.module.css';

/** What is said of a run beside its plan; it stays while the plan is edited. */
export interface RunSettings {
  /** Inputs that the reader has changed, as texts. */
  readonly changed: Typed;
  /** Tools that it may call, as they were typed. */
  readonly may: string;
}
export const NO_SETTINGS: RunSettings = { changed: {}, may: '' };

interface Props {
  draft: Draft;
  compiled: Compiled;
  settings: RunSettings;
  onSettings: (settings: RunSettings) => void;
}

/** A plan's inputs, a look at what it would do, and the button that does it. */
export function RunIt({ draft, compiled, settings, onSettings }: Props) {
  const own = inputsOfPlan(compiled);
  const fields = fieldsOf(inputShape(own));
  const filling = { fields, own: own.inputs, changed: settings.changed, values: draft.values };
  const typed = shownTexts(filling);
  const [asked, setAsked] = useState(false);
  const navigate = useNavigate({ from: '/plan' });
  const { session } = useSearch({ from: '/room/plan' });
  const { inputs, wrong } = inputsOf(fields, typed);
  const look = useMutation({
    mutationFn: () => read(api.POST('/v1/plans/dry-run', { body: { plan: planOf(draft), inputs } })),
  });
  const start = useMutation({
    // The reader has the plan and all that was left out of it before their eyes.
    mutationFn: () => {
      const queue = { ...toolsBody(settings.may), ...(session === undefined ? {} : { session }) };
      return read(api.POST('/v1/runs', { body: { plan: planOf(draft), inputs, seen: true, ...queue } }));
    },
    onSuccess: ({ runId }) => navigate({ to: '/runs/$run', params: { run: runId } }),
  });
  const go = (what: { mutate: () => void }) => {
    setAsked(true);
    if (Object.keys(wrong).length === 0) what.mutate();
  };
  const busy = start.isPending ? 'It is being started.' : undefined;
  return (
    <section className={styles['section']} aria-label="Run it">
      {draft.policy && <p className={styles['warning']}>{draft.policy}</p>}
      <Questions of={draft.questions ?? []} />
      {fields.length > 0 && (
        <>
          <h2>Inputs</h2>
          <InputForm
            fields={fields}
            typed={typed}
            wrong={asked ? wrong : {}}
            from={originTexts(filling)}
            questions={questionTexts(filling, typed)}
            onType={(next) => onSettings({ ...settings, changed: changesIn(filling, next) })}
          />
        </>
      )}
      <MayCall compiled={compiled} text={settings.may} onText={(may) => onSettings({ ...settings, may })} />
      <InSession
        compiled={compiled}
        session={session}
        onChoose={(next) =>
          void navigate({ search: (before) => ({ ...before, session: next }), replace: true, resetScroll: false })
        }
      />
      <div className={styles['go']}>
        <Button look="go" why={busy ?? lacksIn(draft) ?? listLacks(settings.may)} onClick={() => go(start)}>
          {isRunbook(draft.file) || isTaskList(draft.file) ? 'Run what is shown' : 'Run'}
        </Button>
        <Button why={look.isPending ? 'It is being looked at.' : lacksIn(draft)} onClick={() => go(look)}>
          Dry run
        </Button>
        <span className="label">A dry run renders every argument and checks what must hold. It changes nothing.</span>
      </div>
      {start.error && <Refusal error={start.error} />}
      {look.error && <Refusal error={look.error} />}
      {look.data && <DryRunView dryRun={look.data} />}
    </section>
  );
}

/** What a draft asks of no input: which template is meant, what a clause of the goal is about. */
function Questions({ of: questions }: { of: readonly string[] }) {
  if (questions.length === 0) return null;
  return (
    <>
      <h2>To answer first</h2>
      <ul className={styles['questions']}>
        {questions.map((question) => (
          <li key={question}>{question}</li>
        ))}
      </ul>
    </>
  );
}
