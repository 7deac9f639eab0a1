import { useState } from 'react';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Refusal } from '../ui/refusal.js';
import { useWord } from './do.js';

export type Asked = 'confirm' | 'resolve';

const ENDS = [
  { value: 'done', text: 'It did its work: go on as if it had said so' },
  { value: 'retry', text: 'It did nothing: run it again' },
  { value: 'skip', text: 'It is not needed: go on without it' },
  { value: 'failed', text: 'It failed: do what the plan says of failures' },
] as const;

/** Takes a person's word on a step, with the reason. */
export function WordDialog({
  run,
  step,
  asked,
  onClose,
}: {
  run: string;
  step: string;
  asked: Asked;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [as, setAs] = useState<(typeof ENDS)[number]['value']>('done');
  const word = useWord(run);
  const why = reason.trim() === '' ? 'Say how you know.' : undefined;
  const send = () => {
    const told = { step, reason: reason.trim() };
    word.mutate(asked === 'confirm' ? { kind: 'confirm', ...told } : { kind: 'resolve', as, ...told }, {
      onSuccess: onClose,
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={asked === 'confirm' ? `Say that ${step} is done` : `Say how ${step} ended`}
      about="Your word and your reason are kept in the proof: nothing is checked."
      actions={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button look="go" why={why} disabled={word.isPending} onClick={send}>
            {asked === 'confirm' ? 'It is done' : 'Say so'}
          </Button>
        </>
      }
    >
      <form
        style={{ display: 'grid', gap: 'var(--s3)' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined) send();
        }}
      >
        {asked === 'resolve' && (
          <Field label="How it ended">
            {(ids) => (
              <select
                {...ids}
                value={as}
                onChange={({ target }) => setAs(ENDS.find(({ value }) => value === target.value)?.value ?? 'done')}
              >
                {ENDS.map(({ value, text }) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label="How you know" note="For example: what you saw, and where.">
          {(ids) => (
            <input {...ids} value={reason} maxLength={2000} onChange={({ target }) => setReason(target.value)} />
          )}
        </Field>
        {word.error && <Refusal error={word.error} />}
      </form>
    </Dialog>
  );
}
