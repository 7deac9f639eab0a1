import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, read } from '../api/client.js';
import { Choice } from '../ui/choice.js';
import { FormDialog } from '../ui/form-dialog.js';
import { TextField } from '../ui/text-field.js';
import { CATCH_UPS, type CatchUp, localText, OVERLAPS, type Overlap, zones } from './schedule-words.js';
import { planOf, triggerLacks } from './trigger-form.js';

const HERE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Form {
  readonly name: string;
  readonly cron: string;
  readonly zone: string;
  readonly file: string;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
}
const FIRST: Form = { name: '', cron: '30 2 * * 1-5', zone: HERE, file: '', overlap: 'skip', catchUp: 'none' };

/** Asks when and what, and shows the next times while one types. */
export function NewSchedule({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState(FIRST);
  const client = useQueryClient();
  const set = (change: Partial<Form>) => setForm({ ...form, ...change });
  return (
    <FormDialog
      title="New schedule"
      about="You answer for its runs: they go with the rights that you have when the time comes."
      word="Make the schedule"
      lacks={triggerLacks(form)}
      act={async () => {
        const { file, ...rest } = form;
        await read(api.POST('/v1/schedules', { body: { ...rest, plan: planOf(file) } }));
        await client.invalidateQueries({ queryKey: ['schedules'] });
      }}
      onDone={onClose}
      onClose={onClose}
    >
      <TextField label="Name" maxLength={63} value={form.name} onText={(name) => set({ name })} />
      <TextField
        label="Plan or runbook"
        note="Below the project folder, such as ops/backup.md#back-up. What it holds when the time comes is what runs."
        maxLength={300}
        value={form.file}
        onText={(file) => set({ file })}
      />
      <TextField
        label="When"
        note="Minute, hour, day of the month, month, day of the week; or @daily."
        maxLength={200}
        value={form.cron}
        onText={(cron) => set({ cron })}
      />
      <Zone value={form.zone} onText={(zone) => set({ zone })} />
      <Preview cron={form.cron} zone={form.zone} />
      <Choice
        label="While the run before goes on"
        of={OVERLAPS}
        value={form.overlap}
        onChange={(overlap) => set({ overlap })}
      />
      <Choice
        label="Times that were missed"
        of={CATCH_UPS}
        value={form.catchUp}
        onChange={(catchUp) => set({ catchUp })}
      />
    </FormDialog>
  );
}

function Zone(props: { value: string; onText: (text: string) => void }) {
  const list = useId();
  return (
    <>
      <TextField label="Time zone" list={list} maxLength={64} autoComplete="off" {...props} />
      <datalist id={list}>
        {zones().map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** The next times, or what is wrong with the expression. */
function Preview({ cron, zone }: { cron: string; zone: string }) {
  const found = useQuery({
    queryKey: ['schedule-preview', cron, zone],
    queryFn: () => read(api.GET('/v1/schedules/preview', { params: { query: { cron, zone } } })),
    enabled: cron.trim() !== '' && zone !== '',
    retry: false,
  });
  if (found.error) return <p className="q-failed">{found.error.message}</p>;
  const times = found.data?.upcoming.slice(0, 3).map(({ local }) => localText(local));
  return <p className="mut">{times === undefined ? 'The next times …' : `Next: ${times.join(', ')}`}</p>;
}
