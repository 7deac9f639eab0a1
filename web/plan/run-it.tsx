import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { InputForm } from '../ui/input-form/input-form.js';
import { fieldsOf, inputsOf, typedFrom } from '../ui/input-form/inputs.js';
import { Refusal } from '../ui/refusal.js';
import { type Compiled, inputSchemaOf } from './compiled.js';
import { type Draft, isRunbook, isTaskList, planOf } from './draft.js';
import { DryRunView } from './dry-run.js';
import { MayCall } from './may-call.js';
import { toolsBody } from './may-call-list.js';
import styles from './page.module.css';

/** A plan's inputs, a look at what it would do, and the button that does it. */
export function RunIt({ draft, compiled }: { draft: Draft; compiled: Compiled }) {
  const fields = fieldsOf(inputSchemaOf(compiled));
  const [typed, setTyped] = useState(() => typedFrom(fields));
  const [may, setMay] = useState('');
  const [asked, setAsked] = useState(false);
  const navigate = useNavigate();
  const { inputs, wrong } = inputsOf(fields, typed);
  const look = useMutation({
    mutationFn: () => read(api.POST('/v1/plans/dry-run', { body: { plan: planOf(draft), inputs } })),
  });
  const start = useMutation({
    // The reader has the plan and all that was left out of it before their eyes.
    mutationFn: () =>
      read(api.POST('/v1/runs', { body: { plan: planOf(draft), inputs, seen: true, ...toolsBody(may) } })),
    onSuccess: ({ runId }) => navigate({ to: '/runs/$run', params: { run: runId } }),
  });
  const go = (what: { mutate: () => void }) => {
    setAsked(true);
    if (Object.keys(wrong).length === 0) what.mutate();
  };
  return (
    <section className={styles['section']} aria-label="Run it">
      {fields.length > 0 && (
        <>
          <h2>Inputs</h2>
          <InputForm fields={fields} typed={typed} wrong={asked ? wrong : {}} onType={setTyped} />
        </>
      )}
      <MayCall compiled={compiled} text={may} onText={setMay} />
      <div className={styles['go']}>
        <Button look="go" why={start.isPending ? 'It is being started.' : undefined} onClick={() => go(start)}>
          {isRunbook(draft.file) || isTaskList(draft.file) ? 'Run what is shown' : 'Run'}
        </Button>
        <Button why={look.isPending ? 'It is being looked at.' : undefined} onClick={() => go(look)}>
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
