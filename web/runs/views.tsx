import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { count } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { type Filter, sameFilter, searchOf } from './filters.js';
import type { Views } from './model.js';
import { useViews } from './use-runs.js';
import styles from './views.module.css';

/** A view is current for its own filter, and not for one that narrows it further. */
const EXACTLY = { exact: true, includeSearch: true, explicitUndefined: true } as const;

type Saved = Views['saved'][number];

/** The saved views, each with how many runs fit. */
export function ViewBar({ filter }: { filter: Filter }) {
  const { data } = useViews();
  const [saving, setSaving] = useState(false);
  const all = [...(data?.builtIn ?? []), ...(data?.saved ?? [])];
  const current = all.find((view) => sameFilter(view.filter, filter));
  const own = data?.saved.find(({ viewId }) => viewId === current?.viewId);
  return (
    <div className={styles['bar']}>
      <nav className={styles['views']} aria-label="Saved views">
        {all.map((view) => (
          <Link
            key={view.viewId}
            to="/runs"
            search={searchOf(view.filter)}
            activeOptions={EXACTLY}
            aria-current={view === current ? 'page' : undefined}
          >
            {view.name}
            {view.runs && (
              <span className={styles['count']}>
                {count(view.runs.count)}
                {view.runs.more && '+'}
              </span>
            )}
          </Link>
        ))}
      </nav>
      {own ? (
        <DeleteView view={own} />
      ) : (
        current === undefined && (
          <Button look="bare" onClick={() => setSaving(true)}>
            Save view
          </Button>
        )
      )}
      {saving && <SaveView filter={filter} onClose={() => setSaving(false)} />}
    </div>
  );
}

function useChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['views'] });
}

function DeleteView({ view }: { view: Saved }) {
  const changed = useChanged();
  const remove = useMutation({
    mutationFn: () => read(api.POST('/v1/views/{view}/delete', { params: { path: { view: view.viewId } } })),
    onSuccess: changed,
  });
  return (
    <Button look="bare" onClick={() => remove.mutate()} title={remove.error?.message}>
      Delete view
    </Button>
  );
}

function SaveView({ filter, onClose }: { filter: Filter; onClose: () => void }) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const changed = useChanged();
  const save = useMutation({
    mutationFn: () => read(api.POST('/v1/views', { body: { name, shared, filter } })),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Save this view"
      about="The filter is kept under a name, and its runs are counted beside it."
      actions={
        <>
          <Button onClick={onClose}>Leave</Button>
          <Button look="go" onClick={() => save.mutate()} why={name.trim() === '' ? 'Give it a name.' : undefined}>
            Save
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onText={setName} maxLength={60} />
      <label className={styles['shared']}>
        <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
        For everybody in this room; it takes the permission room:admin
      </label>
      {save.error && <Refusal error={save.error} />}
    </Dialog>
  );
}
