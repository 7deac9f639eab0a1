import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { toast } from '../ui/toast.js';
import { Part } from './part.js';
import styles from './settings.module.css';

interface Known {
  readonly runningPerUser: number;
  readonly lanes: readonly { readonly lane: 'A' | 'B' | 'C' | 'D'; readonly width: number }[];
  readonly calls: readonly { readonly name: string; readonly perSecond: number; readonly burst: number }[];
  readonly keys: readonly { readonly key: string; readonly title: string; readonly waiting: number }[];
}

/** What holds runs and tools back. */
export function Limits({ me }: { me: Me }) {
  const found = useQuery({ queryKey: ['limits'], queryFn: () => read(api.GET('/v1/limits')) });
  const why = me.permissions.includes('room:admin') ? undefined : 'you have not the permission room:admin';
  return (
    <Part title="Limits" about="What begins beyond a limit waits in the queue; what goes on, goes on.">
      {found.error && <Refusal error={found.error} />}
      {found.data && <LimitForm key={JSON.stringify(found.data)} of={found.data} why={why} />}
      {found.data && <Held keys={found.data.keys} />}
    </Part>
  );
}

function LimitForm({ of, why }: { of: Known; why: string | undefined }) {
  const [running, setRunning] = useState(String(of.runningPerUser));
  const [lanes, setLanes] = useState(Object.fromEntries(of.lanes.map(({ lane, width }) => [lane, String(width)])));
  const [http, setHttp] = useState(String(of.calls.find(({ name }) => name === 'tool:http')?.perSecond ?? ''));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const widths = Object.fromEntries(Object.entries(lanes).map(([lane, width]) => [lane, Number(width)]));
      const rate = Number(http) > 0 ? { perSecond: Number(http), burst: Math.max(1, Math.round(Number(http))) } : null;
      const body = { runningPerUser: Number(running), lanes: widths, calls: { 'tool:http': rate } };
      return read(api.POST('/v1/limits', { body }));
    },
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
        value={running}
        onText={setRunning}
      />
      {of.lanes.map(({ lane }) => (
        <TextField
          key={lane}
          label={`Runs at once in lane ${lane}`}
          {...number}
          value={lanes[lane] ?? ''}
          onText={(width) => setLanes({ ...lanes, [lane]: width })}
        />
      ))}
      <TextField
        label="HTTP calls a second, of all steps together"
        note="Empty: no limit. Other tools: npx opsroom limits --rate tool:sql=10/s"
        type="number"
        min={0}
        step="any"
        inputMode="decimal"
        value={http}
        onText={setHttp}
      />
      {save.error && <Refusal error={save.error} />}
      <div className={styles['actions']}>
        <Button look="go" why={why ?? (save.isPending ? 'it is being saved' : undefined)} onClick={() => save.mutate()}>
          Save the limits
        </Button>
      </div>
    </div>
  );
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
