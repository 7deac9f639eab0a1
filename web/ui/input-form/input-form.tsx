import { Field } from '../field.js';
import type { FormValues, InputField } from './fields.js';
import styles from './input-form.module.css';

interface Props {
  fields: readonly InputField[];
  values: FormValues;
  /** What is wrong, by the name of the input. */
  problems: Readonly<Record<string, string>>;
  onChange: (values: FormValues) => void;
  /** What the values were: a field that differs says so. */
  before?: FormValues | undefined;
}

/** The inputs of a plan as a form. */
export function InputForm({ fields, values, problems, onChange, before }: Props) {
  return (
    <div className={styles['form']}>
      {fields.map((field) => {
        const value = values[field.name] ?? '';
        const problem = problems[field.name];
        const changed = before !== undefined && before[field.name] !== value;
        const note = problem ?? (changed ? `It was ${before[field.name] || 'empty'}.` : field.about);
        return (
          <Field
            key={field.name}
            label={`${field.label}${field.required ? '' : ' (optional)'}`}
            note={note}
            wrong={problem !== undefined}
          >
            {(ids) => (
              <Control
                {...ids}
                field={field}
                value={value}
                onChange={(text) => onChange({ ...values, [field.name]: text })}
              />
            )}
          </Field>
        );
      })}
    </div>
  );
}

interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  className: string;
  field: InputField;
  value: string;
  onChange: (text: string) => void;
}

function Control({ field: { type, options, required }, value, onChange, ...ids }: ControlProps) {
  if (type === 'boolean' || type === 'choice') {
    const offered = type === 'boolean' ? ['true', 'false'] : required ? options : ['', ...options];
    return (
      <select {...ids} value={value} onChange={(event) => onChange(event.target.value)}>
        {offered.map((option) => (
          <option key={option} value={option}>
            {option === '' ? '–' : option}
          </option>
        ))}
      </select>
    );
  }
  if (type === 'json' || value.includes('\n')) {
    const rows = Math.min(12, Math.max(2, value.split('\n').length));
    return (
      <textarea
        {...ids}
        className={`${ids.className} mono`}
        rows={rows}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const numeric = type === 'integer' || type === 'number';
  return (
    <input
      {...ids}
      value={value}
      inputMode={numeric ? 'decimal' : 'text'}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
