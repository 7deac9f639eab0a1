import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { Choice } from '../ui/choice.js';
import { FormDialog } from '../ui/form-dialog.js';
import { ShownOnce } from '../ui/shown-once.js';
import { TextField } from '../ui/text-field.js';
import { AGENTS, SCOPES, type Scope } from './key-state.js';
import styles from './settings.module.css';

const EXPIRIES = [
  ['12h', 'in 12 hours'],
  ['30d', 'in 30 days'],
  ['90d', 'in 90 days'],
  ['365d', 'in a year'],
  ['never', 'never'],
] as const;
type Expiry = (typeof EXPIRIES)[number][0];

/** Asks for name, agent, scopes and expiry; then shows the key, this once. */
export function NewKey({ mine, onClose }: { mine: Me['permissions']; onClose: () => void }) {
  const [name, setName] = useState('');
  const [agent, setAgent] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['run:read']);
  const [expires, setExpires] = useState<Expiry>('90d');
  const [made, setMade] = useState<{ name: string; key: string }>();
  const client = useQueryClient();
  const make = () => {
    const whose = agent.trim() === '' ? {} : { agent: agent.trim() };
    return read(api.POST('/v1/keys', { body: { name, ...whose, scopes: [...scopes], expires } }));
  };
  if (made)
    return (
      <ShownOnce
        title={`The key "${made.name}"`}
        about="Copy it now: this is the only time that it is shown. What is kept is its hash."
        texts={[{ text: made.key, what: 'the key' }]}
        onClose={onClose}
      />
    );
  const toggle = (scope: Scope) =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  return (
    <FormDialog
      title="New API key"
      about="Runs and the audit log name the program that uses it."
      word="Make the key"
      lacks={name === '' ? 'Give it a name.' : scopes.length === 0 ? 'Choose a scope.' : undefined}
      act={make}
      onDone={(key) => {
        setMade(key);
        void client.invalidateQueries({ queryKey: ['keys'] });
      }}
      onClose={onClose}
    >
      <TextField
        label="Name"
        note="Letters, digits, dots and dashes: ci, cursor, nightly-backup."
        maxLength={63}
        value={name}
        onText={setName}
      />
      <Agent value={agent} onText={setAgent} />
      <Scopes mine={mine} chosen={scopes} onToggle={toggle} />
      <Choice label="Expires" of={EXPIRIES} value={expires} onChange={setExpires} />
    </FormDialog>
  );
}

/** Policies know an agent by this name; what a request says of itself counts for nothing. */
function Agent(props: { value: string; onText: (text: string) => void }) {
  const list = useId();
  return (
    <>
      <TextField
        label="Agent"
        note={`Policies know it by this: ${AGENTS.join(', ')}. Left empty: a program, no agent.`}
        list={list}
        maxLength={32}
        autoComplete="off"
        {...props}
      />
      <datalist id={list}>
        {AGENTS.map((agent) => (
          <option key={agent} value={agent}>
            {agent}
          </option>
        ))}
      </datalist>
    </>
  );
}

interface ScopesProps {
  mine: Me['permissions'];
  chosen: readonly Scope[];
  onToggle: (scope: Scope) => void;
}

/** Nobody gives more than they have. */
function Scopes({ mine, chosen, onToggle }: ScopesProps) {
  return (
    <fieldset className={styles['scopes']}>
      <legend>It may</legend>
      {SCOPES.filter(([scope]) => mine.includes(scope)).map(([scope, may]) => (
        <label key={scope} className={styles['scope']}>
          <input type="checkbox" checked={chosen.includes(scope)} onChange={() => onToggle(scope)} />
          <code>{scope}</code>
          <span className="mut">{may}</span>
        </label>
      ))}
    </fieldset>
  );
}
