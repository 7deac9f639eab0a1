import type { InputHTMLAttributes, ReactNode } from 'react';
import { Field } from './field.js';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: string;
  note?: ReactNode;
  value: string;
  onText: (text: string) => void;
}

/** One line of text with its label. */
export function TextField({ label, note, onText, ...input }: Props) {
  return (
    <Field label={label} note={note}>
      {(ids) => <input {...ids} {...input} onChange={(event) => onText(event.target.value)} />}
    </Field>
  );
}
