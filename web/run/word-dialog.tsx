import { useState } from 'react';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Refusal } from '../ui/refusal.js';
import { useWord } from './do.js';
import { Told } from './told.js';

/** `allow` and `decline`: of a step that asks whether what follows may be done. */
export type Asked = 'confirm' | 'resolve' | 'allow' | 'decline';

const WORDS: Readonly<
  Record<
    Asked,
    {
      readonly title: (step: string) => string;
      readonly button: string;
      readonly label: string;
      readonly why: string;
    }
  >
> = {
  confirm: {
    title: (step) => `Say that ${step} is done`,
    button: 'It is done',
    label: 'How you know',
    why: 'Say how you know.',
  },
  resolve: {
    title: (step) => `Say how ${step} ended`,
    button: 'Say so',
    label: 'How you know',
    why: 'Say how you know.',
  },
  allow: {
    title: (step) => `Yes to ${step}: this may be done`,
    button: 'Yes, do it',
    label: 'Why it may be done',
    why: 'Say why it may be done.',
  },
  decline: {
    title: (step) => `No to ${step}: this is left out`,
    button: 'No, leave it out',
    label: 'Why it is left out',
    why: 'Say why it is left out.',
  },
};

const ENDS = [
  { value: 'done', text: 'It did its work: go on as if it had said so' },
  { value: 'retry', text: 'It did nothing: run it again' },
  { value: 'skip', text: 'It is not needed: go on without it' },
  { value: 'failed', text: 'It failed: do what the plan says of failures' },
] as const;

/** What comes of an answer, before somebody gives it. */
function effectOf(asked: Asked, guarded: readonly string[]): string {
  if (asked === 'allow') return `May be done then: ${guarded.join(', ')}. `;
  return asked === 'decline' ? `Left out: ${guarded.join(', ')}. What comes after goes on. ` : '';
}

/** Takes a person's word on a step, with the reason. */
export function WordDialog({
  run,
  step,
  asked,
  guarded,
  told,
  onClose,
}: {
  run: string;
  step: string;
  asked: Asked;
  /** Titles of what a yes or a no decides about. */
  guarded: readonly string[];
  /** What is asked, with the commands that it is about. */
  told: string | undefined;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [as, setAs] = useState<(typeof ENDS)[number]['value']>('done');
  const word = useWord(run);
  const { title, button, label, why: lacking } = WORDS[asked];
  const why = reason.trim() === '' ? lacking : undefined;
  const send = () => {
    const told = { step, reason: reason.trim() };
    const confirms = asked === 'confirm' || asked === 'allow';
    const ends = asked === 'decline' ? 'skip' : as;
    word.mutate(confirms ? { kind: 'confirm', ...told } : { kind: 'resolve', as: ends, ...told }, {
      onSuccess: onClose,
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title(step)}
      about={`${effectOf(asked, guarded)}Your word and your reason are kept in the proof: nothing is checked.`}
      actions={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button look="go" why={why} disabled={word.isPending} onClick={send}>
            {button}
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
        {told !== undefined && <Told text={told} />}
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
        <Field label={label} note="For example: what you saw, and where.">
          {(ids) => (
            <input {...ids} value={reason} maxLength={2000} onChange={({ target }) => setReason(target.value)} />
          )}
        </Field>
        {word.error && <Refusal error={word.error} />}
      </form>
    </Dialog>
  );
}
