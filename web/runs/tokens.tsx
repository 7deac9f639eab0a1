import { Popover } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.js';
import { useCommands } from '../ui/commands.js';
import { Field } from '../ui/field.js';
import {
  FIELDS,
  type FieldKind,
  type FieldName,
  type Filter,
  valueOf,
  valueText,
  without,
  withValue,
} from './filters.js';
import styles from './tokens.module.css';

interface Props {
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** What narrows the list: field, relation and value, each with its way out. */
export function Tokens({ filter, onFilter }: Props) {
  const given = FIELDS.filter(({ name }) => filter[name] !== undefined);
  return (
    <fieldset className={styles['tokens']}>
      <legend className="vh">Filters</legend>
      {given.map(({ name, word, relation }) => (
        <span key={name} className={styles['token']}>
          <span className={styles['quiet']}>{word}</span>
          <span className={styles['quiet']}>{relation}</span>
          <span className="cut">{valueText(name, filter)}</span>
          <button
            type="button"
            aria-label={`Remove filter ${word} ${relation}`}
            onClick={() => onFilter(without(filter, name))}
          >
            ×
          </button>
        </span>
      ))}
      <AddFilter filter={filter} onFilter={onFilter} />
      <span className={`${styles['keys']} label`}>
        <kbd>J</kbd> <kbd>K</kbd> move · <kbd>X</kbd> select · <kbd>Enter</kbd> open · <kbd>?</kbd> all keys
      </span>
    </fieldset>
  );
}

function AddFilter({ filter, onFilter }: Props) {
  const [open, setOpen] = useState(false);
  useCommands([{ id: 'runs.filter', text: 'Filter runs', group: 'Runs', keys: '/', run: () => setOpen(true) }]);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button look="bare">
          + Filter <kbd>/</kbd>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles['popover'] ?? ''} align="start" sideOffset={4} aria-label="Add a filter">
          <FilterForm
            onAdd={(field, value) => {
              onFilter(withValue(filter, field, value));
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function FilterForm({ onAdd }: { onAdd: (field: FieldKind, value: unknown) => void }) {
  const [name, setName] = useState<FieldName>('status');
  const [text, setText] = useState('');
  const field = FIELDS.find((one) => one.name === name);
  if (!field) return null;
  const value = valueOf(field, field.form === 'flag' ? 'true' : text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value !== undefined) onAdd(field, value);
  };
  return (
    <form className={styles['form']} onSubmit={submit}>
      <Field label="Field">
        {(ids) => (
          <select
            {...ids}
            value={name}
            onChange={(event) => {
              setName(event.target.value as FieldName);
              setText('');
            }}
          >
            {FIELDS.map((one) => (
              <option key={one.name} value={one.name}>
                {one.word} {one.relation} {one.form === 'flag' ? 'person' : '…'}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Value field={field} text={text} onText={setText} />
      <Button look="go" type="submit" why={value === undefined ? 'Give it a value.' : undefined}>
        Add
      </Button>
    </form>
  );
}

function Value({ field, text, onText }: { field: FieldKind; text: string; onText: (text: string) => void }) {
  if (field.form === 'flag') return null;
  const { options, example } = field;
  return (
    <Field label="Value" note={example && `such as ${example}`}>
      {(ids) =>
        options ? (
          <select {...ids} value={text} onChange={(event) => onText(event.target.value)}>
            <option value="">choose …</option>
            {options.map((option) => (
              <option key={option} value={option}>
                {option.replace('_', ' ')}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...ids}
            type={field.form === 'time' ? 'datetime-local' : 'text'}
            value={text}
            onChange={(event) => onText(event.target.value)}
          />
        )
      }
    </Field>
  );
}
