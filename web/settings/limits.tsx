import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { counted, dollars } from '../ui/format.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { toast } from '../ui/toast.js';
import { changeOf, formOf, type Limits as Known } from './limit-form.js';
import { Part } from './part.js';
import styles from './settings.module.css';

/** What holds runs and tools back. */
export function Limits({ me }: { me: Me }) {
  const found = useQuery({ queryKey: ['limits'], queryFn: () => read(api.GET('/v1/limits')) });
  return (
    <Part title="Limits" about="What begins beyond a limit waits in the queue; what goes on, goes on.">
      {found.error && <Refusal error={found.error} />}
      {found.data && <LimitFields key={settingsKey(found.data)} of={found.data} why={lacks(me, 'room:admin')} />}
      {found.data && <Held keys={found.data.keys} />}
    </Part>
  );
}

/** The form begins anew when the limits are others, and not when runs come and go: what was typed stays. */
const settingsKey = ({ runningPerUser, lanes, calls, modelUsd: { limit } }: Known): string =>
  JSON.stringify([runningPerUser, lanes, calls, limit]);

function LimitFields({ of, why }: { of: Known; why: string | undefined }) {
  const [form, setForm] = useState(() => formOf(of));
  const client = useQueryClient();
  const change = changeOf(of, form);
  const save = useAct((body: NonNullable<typeof change>) => read(api.POST('/v1/limits', { body })), {
    onSuccess: () => {
      toast('The limits are changed.');
      return client.invalidateQueries({ queryKey: ['limits'] });
    },
  });
  const number = { type: 'number', min: 1, inputMode: 'numeric' } as const;
  return (
    <div className={styles['narrow']}>
      <TextField
        label="Runs at once of each person, key, schedule and webhook"
        {...number}
        value={form.running}
        onText={(running) => setForm({ ...form, running })}
      />
      {of.lanes.map(({ lane }) => (
        <TextField
          key={lane}
          label={`Runs at once in lane ${lane}`}
          {...number}
          value={form.lanes[lane] ?? ''}
          onText={(width) => setForm({ ...form, lanes: { ...form.lanes, [lane]: width } })}
        />
      ))}
      <TextField
        label="HTTP calls a second, of all steps together"
        note="Empty: no limit. Other tools: npx opsroom limits --rate tool:sql=10/s"
        type="number"
        min={0}
        step="any"
        inputMode="decimal"
        value={form.http}
        onText={(http) => setForm({ ...form, http })}
      />
      <TextField
        label="US dollars a day for language models"
        note={`${modelWords(of.modelUsd)} Empty: no limit. Coding agents have a budget in their step.`}
        type="number"
        min={0}
        step="any"
        inputMode="decimal"
        value={form.modelUsd}
        onText={(modelUsd) => setForm({ ...form, modelUsd })}
      />
      {save.error && <Refusal error={save.error} />}
      <div className={styles['actions']}>
        <Button
          look="go"
          why={why ?? save.busy ?? (change ? undefined : 'Nothing has changed.')}
          onClick={() => change && save.go(change)}
        >
          Save the limits
        </Button>
      </div>
    </div>
  );
}

function modelWords({ today, unpriced }: Known['modelUsd']): string {
  const more = unpriced === 0 ? '' : `, and ${counted(unpriced, 'call')} of unknown price`;
  return `${dollars(today)} since 00:00 UTC${more}.`;
}

/** Runs that hold a concurrency key, and how many wait for it. */
function Held({ keys }: Pick<Known, 'keys'>) {
  if (keys.length === 0) return <p className="mut">No run holds a concurrency key.</p>;
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Concurrency key</th>
          <th scope="col">Held by</th>
          <th scope="col">Wait</th>
        </tr>
      </thead>
      <tbody>
        {keys.map(({ key, title, waiting }) => (
          <tr key={key}>
            <td>{key}</td>
            <td>{title}</td>
            <td className="num">{waiting}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
