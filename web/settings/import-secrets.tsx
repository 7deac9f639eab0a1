import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { FormDialog } from '../ui/form-dialog.js';
import { HiddenText, ScopeFields, type ScopeText } from './scope-fields.js';
import { placeOf, scopeOf } from './secret-words.js';
import styles from './settings.module.css';

/** Takes the text of a `.env` file, and says what became of each name. */
export function ImportSecrets({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [scope, setScope] = useState<ScopeText>({ environment: '', app: '' });
  const [outcome, setOutcome] = useState<Outcome>();
  const client = useQueryClient();
  if (outcome) return <Imported of={outcome} onClose={onClose} />;
  return (
    <FormDialog
      title="Import from .env"
      about="NAME=VALUE lines; values with spaces, # or quotes stand in quotes. All are set, or none."
      word="Import"
      lacks={text.trim() === '' ? 'Paste the text first.' : undefined}
      act={() =>
        read(api.POST('/v1/secrets/import', { body: { text, ...scopeOf(scope.environment, scope.app), keep: 2 } }))
      }
      onDone={(imported) => {
        setOutcome(imported);
        void client.invalidateQueries({ queryKey: ['secrets'] });
      }}
      onClose={onClose}
    >
      <HiddenText label="Text of the file" note="It is not shown again." rows={6} value={text} onText={setText} />
      <ScopeFields scope={scope} onScope={setScope} />
    </FormDialog>
  );
}

interface Outcome {
  set: readonly { name: string; environment: string | null; app: string | null; version: number }[];
  leftOut: readonly { name: string; reason: string }[];
}

function Imported({ of: { set, leftOut }, onClose }: { of: Outcome; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={set.length === 1 ? 'One secret is set' : `${set.length} secrets are set`}
      actions={
        <Button look="go" onClick={onClose}>
          Done
        </Button>
      }
    >
      <ul className={styles['stack']}>
        {set.map((one) => (
          <li key={one.name}>
            <code>{one.name}</code> {placeOf(one)}, version {one.version}
          </li>
        ))}
        {leftOut.map(({ name, reason }) => (
          <li key={name} className="mut">
            <code>{name}</code> is left out: it is {reason}.
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
