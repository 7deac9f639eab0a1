import type { ReactNode } from 'react';
import { Field } from '../field.js';
import styles from './input-form.module.css';
import type { InputField, Typed } from './inputs.js';

interface Props {
  fields: readonly InputField[];
  typed: Typed;
  /** What is wrong, by input. */
  wrong: Typed;
  /** Where each value came from, in a few words. */
  from?: Typed;
  /** What a draft asks of an input; said before what the input is. */
  questions?: Typed;
  onType: (typed: Typed) => void;
}

/** A plan's inputs as a form. What they are and what is wrong with them: `fieldsOf`, `inputsOf`. */
export function InputForm({ fields, typed, wrong, from = {}, questions = {}, onType }: Props) {
  return (
    <div className={styles['form']}>
      {fields.map((field) => {
        const text = typed[field.name] ?? '';
        const type = (next: string) => onType({ ...typed, [field.name]: next });
        const fault = wrong[field.name];
        return (
          <Field
            key={field.name}
            label={field.required ? field.label : `${field.label} (may be left out)`}
            note={fault ?? questions[field.name] ?? field.note}
            wrong={fault !== undefined}
            aside={from[field.name]}
          >
            {(ids) => control(field, text, type, ids)}
          </Field>
        );
      })}
    </div>
  );
}

interface Ids {
  id: string;
  'aria-describedby': string | undefined;
  className: string;
}

function control(
  { kind, choices, required }: InputField,
  text: string,
  type: (text: string) => void,
  ids: Ids,
): ReactNode {
  if (kind === 'choice' || kind === 'boolean') {
    const options =
      kind === 'boolean'
        ? ['true', 'false']
        : choices.map((choice) => (typeof choice === 'object' ? JSON.stringify(choice) : String(choice)));
    return (
      <select {...ids} value={text} onChange={({ target }) => type(target.value)}>
        {(!required || text === '') && <option value="">–</option>}
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  if (kind === 'long' || kind === 'json')
    return (
      <textarea {...ids} rows={kind === 'json' ? 2 : 4} value={text} onChange={({ target }) => type(target.value)} />
    );
  return (
    <input
      {...ids}
      value={text}
      inputMode={kind === 'text' ? 'text' : 'decimal'}
      autoComplete="off"
      spellCheck={false}
      onChange={({ target }) => type(target.value)}
    />
  );
}
