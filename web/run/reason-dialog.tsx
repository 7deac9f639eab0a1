import { useState } from 'react';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Refusal } from '../ui/refusal.js';
import type { Run } from './data.js';
import { useTell } from './do.js';

const WORDS = {
  cancel: {
    title: 'Cancel this run',
    about: 'Running steps are ended: first asked to, after ten seconds by force. How far they came is then unknown.',
    go: 'Cancel the run',
    back: 'Let it run',
  },
  rollback: {
    title: 'Roll this run back',
    about: 'The rollback steps of what was done run now, the last one first.',
    go: 'Roll back',
    back: 'Leave it as it is',
  },
} as const;

/** Asks for the reason of what cannot be taken back, and says what it will come to. */
export function ReasonDialog({ run, kind, onClose }: { run: Run; kind: 'cancel' | 'rollback'; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const tell = useTell(run.runId);
  const { title, about, go, back } = WORDS[kind];
  const why = reason.trim() === '' ? 'Say why.' : undefined;
  const send = () => tell.mutate({ kind, reason: reason.trim() }, { onSuccess: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      about={about}
      actions={
        <>
          <Button onClick={onClose}>{back}</Button>
          <Button look="go" why={why} disabled={tell.isPending} onClick={send}>
            {go}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined) send();
        }}
      >
        <Field label="Reason" note="It is kept in the proof, with your name.">
          {(ids) => (
            <input {...ids} value={reason} maxLength={2000} onChange={({ target }) => setReason(target.value)} />
          )}
        </Field>
        <Affected run={run} kind={kind} />
        {tell.error && <Refusal error={tell.error} />}
      </form>
    </Dialog>
  );
}

function Affected({ run, kind }: { run: Run; kind: 'cancel' | 'rollback' }) {
  const affected = run.steps.filter(({ id, status }) =>
    kind === 'cancel' ? status === 'running' : status === 'done' && !id.includes('/'),
  );
  if (affected.length === 0) return <p className="mut">{kind === 'cancel' ? 'No step runs at this moment.' : ''}</p>;
  const named = affected.slice(0, 8).map(({ id }) => id);
  const more = affected.length > named.length ? ` and ${affected.length - named.length} more` : '';
  return (
    <p className="mut">
      {kind === 'cancel' ? 'Running now: ' : 'Done so far: '}
      <code>{named.join(', ')}</code>
      {more}.
    </p>
  );
}
