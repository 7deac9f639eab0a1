import { Field } from '../ui/field.js';
import { TextField } from '../ui/text-field.js';
import styles from './settings.module.css';

export interface ScopeText {
  readonly environment: string;
  readonly app: string;
}

/** Where a secret counts; both may stay empty. */
export function ScopeFields({ scope, onScope }: { scope: ScopeText; onScope: (scope: ScopeText) => void }) {
  return (
    <div className={styles['pair']}>
      <TextField
        label="Environment"
        note="Empty: every one."
        maxLength={100}
        autoComplete="off"
        value={scope.environment}
        onText={(environment) => onScope({ ...scope, environment })}
      />
      <TextField
        label="App"
        note="Empty: every one."
        maxLength={100}
        autoComplete="off"
        value={scope.app}
        onText={(app) => onScope({ ...scope, app })}
      />
    </div>
  );
}

/** Where a secret may be sent; empty: anywhere. */
export function HostsField({ hosts, onHosts }: { hosts: string; onHosts: (hosts: string) => void }) {
  return (
    <TextField
      label="Hosts it may be sent to"
      note="db.example:5432, *.example.com; separated by commas. Empty: anywhere that a plan itself names."
      autoComplete="off"
      value={hosts}
      onText={onHosts}
    />
  );
}

interface Props {
  label: string;
  note: string;
  rows: number;
  value: string;
  onText: (text: string) => void;
}

/** Text that nobody should read over a shoulder; of several lines, as keys are. */
export function HiddenText({ label, note, rows, value, onText }: Props) {
  return (
    <Field label={label} note={note}>
      {({ className, ...ids }) => (
        <textarea
          {...ids}
          className={`${className} ${styles['hidden-text']}`}
          rows={rows}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}
