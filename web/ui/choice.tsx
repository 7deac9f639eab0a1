import type { ReactNode } from 'react';
import { Field } from './field.js';

interface Props<T extends string> {
  label: string;
  note?: ReactNode;
  /** Values and the words for them. */
  of: readonly (readonly [value: T, text: string])[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few, with its label. */
export function Choice<T extends string>({ label, note, of, value, onChange }: Props<T>) {
  const choose = (text: string) => {
    const chosen = of.find(([one]) => one === text);
    if (chosen) onChange(chosen[0]);
  };
  return (
    <Field label={label} note={note}>
      {(ids) => (
        <select {...ids} value={value} onChange={({ target }) => choose(target.value)}>
          {of.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
