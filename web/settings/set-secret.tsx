import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { HiddenText, ScopeFields, type ScopeText } from './scope-fields.js';
import { placeOf, type Secret, scopeOf } from './secret-words.js';
import styles from './settings.module.css';

/** Asks for a new secret, or for the next value of one that is there. */
export function SetSecret({ of, onClose }: { of?: Secret; onClose: () => void }) {
  const [name, setName] = useState(of?.name ?? '');
  const [scope, setScope] = useState<ScopeText>({ environment: of?.environment ?? '', app: of?.app ?? '' });
  const [value, setValue] = useState('');
  const client = useQueryClient();
  const set = useMutation({
    mutationFn: () =>
      read(api.POST('/v1/secrets', { body: { name, value, ...scopeOf(scope.environment, scope.app), keep: 2 } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['secrets'] });
      onClose();
    },
  });
  const why = name === '' ? 'give it a name' : value.length < 4 ? 'a value has at least 4 characters' : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={of ? `The next value of ${of.name}` : 'New secret'}
      about={
        of
          ? `It counts ${placeOf(of)}. Steps that start from now on get it; the value before it stays masked.`
          : 'It is encrypted, given to the steps that name it, and masked wherever it comes out.'
      }
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="go" why={set.isPending ? 'it is being set' : why} onClick={() => set.mutate()}>
            {of ? 'Replace the value' : 'Set the secret'}
          </Button>
        </>
      }
    >
      <div className={styles['stack']}>
        {!of && (
          <>
            <TextField
              label="Name"
              note="As plans write it: DEPLOY_HOOK for {{ secrets.DEPLOY_HOOK }}."
              maxLength={100}
              autoComplete="off"
              value={name}
              onText={setName}
            />
            <ScopeFields scope={scope} onScope={setScope} />
          </>
        )}
        <HiddenText
          label="Value"
          note="4 to 65,536 characters; it is not shown again."
          rows={3}
          value={value}
          onText={setValue}
        />
        {set.error && <Refusal error={set.error} />}
      </div>
    </Dialog>
  );
}
