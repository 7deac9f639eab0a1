import { useState } from 'react';
import type { QuestionField, QuestionOfStep } from '#ir/question.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Refusal } from '../ui/refusal.js';
import { unturned } from '../ui/visible.js';
import styles from './answer-dialog.module.css';
import { contentOf, formFault, presets } from './answer-form.js';
import { useAnswer } from './do.js';

interface Props {
  run: string;
  question: QuestionOfStep;
  onClose: () => void;
}

/** What the tool of a step asks, in the server's words, to be filled in or declined. */
export function AnswerDialog({ run, question, onClose }: Props) {
  const [filled, setFilled] = useState(() => presets(question));
  const answer = useAnswer(run, question);
  const why = formFault(question, filled);
  const accept = () =>
    answer.mutate({ action: 'accept', content: contentOf(question, filled) }, { onSuccess: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${question.step} asks`}
      about="A server asks this, in its own words. What you answer goes to it, and is kept with the run."
      actions={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button
            disabled={answer.isPending}
            onClick={() => answer.mutate({ action: 'decline' }, { onSuccess: onClose })}
          >
            Decline
          </Button>
          <Button look="go" why={why} disabled={answer.isPending} onClick={accept}>
            {question.url === null ? 'Answer' : 'I have been there'}
          </Button>
        </>
      }
    >
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined) accept();
        }}
      >
        <p className={styles['asked']}>{unturned(question.message)}</p>
        {question.warning !== null && (
          <p role="note" className="q-failed">
            {unturned(question.warning)}
          </p>
        )}
        {question.url !== null && (
          <a className={styles['asked']} href={question.url} target="_blank" rel="noopener noreferrer nofollow">
            {question.url}
          </a>
        )}
        {question.fields.map((field) => (
          <AnswerField
            key={field.name}
            field={field}
            value={filled[field.name] ?? ''}
            onValue={(value) => setFilled({ ...filled, [field.name]: value })}
          />
        ))}
        {answer.error && <Refusal error={answer.error} />}
      </form>
    </Dialog>
  );
}

interface FieldProps {
  field: QuestionField;
  value: string | readonly string[];
  onValue: (value: string | readonly string[]) => void;
}

const YES_NO = [
  { value: 'true', title: 'Yes' },
  { value: 'false', title: 'No' },
];

function AnswerField({ field, value, onValue }: FieldProps) {
  const { title, description, required, kind } = field;
  const label = required ? title : `${title} (optional)`;
  const isOne = kind === 'choice' || kind === 'boolean';
  return (
    <Field label={label} note={description === '' ? undefined : description}>
      {(ids) =>
        kind === 'choices' ? (
          <select
            {...ids}
            multiple
            value={typeof value === 'string' ? [] : value}
            onChange={({ target }) => onValue([...target.selectedOptions].map((option) => option.value))}
          >
            <Options of={field.options} />
          </select>
        ) : isOne ? (
          <select {...ids} value={String(value)} onChange={({ target }) => onValue(target.value)}>
            <option value="">–</option>
            <Options of={kind === 'boolean' ? YES_NO : field.options} />
          </select>
        ) : (
          <input
            {...ids}
            inputMode={kind === 'text' ? 'text' : 'decimal'}
            autoComplete="off"
            maxLength={4000}
            value={String(value)}
            onChange={({ target }) => onValue(target.value)}
          />
        )
      }
    </Field>
  );
}

function Options({ of }: { of: QuestionField['options'] }) {
  return of.map(({ value, title }) => (
    <option key={value} value={value}>
      {title}
    </option>
  ));
}
