import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { FormDialog } from '../ui/form-dialog.js';
import { TextField } from '../ui/text-field.js';
import { HiddenText, HostsField, ScopeFields, type ScopeText } from './scope-fields.js';
import { hostsIn, placeOf, type Secret, scopeOf } from './secret-words.js';

/** Asks for a new secret, or for the next value of one that is there. */
export function SetSecret({ of, onClose }: { of?: Secret; onClose: () => void }) {
  const [name, setName] = useState(of?.name ?? '');
  const [scope, setScope] = useState<ScopeText>({ environment: of?.environment ?? '', app: of?.app ?? '' });
  const [hosts, setHosts] = useState('');
  const [value, setValue] = useState('');
  const client = useQueryClient();
  return (
    <FormDialog
      title={of ? `The next value of ${of.name}` : 'New secret'}
      about={
        of
          ? `It counts ${placeOf(of)}. Steps that start from now on get it; the value before it stays masked.`
          : 'It is encrypted, given to the steps that name it, and masked wherever it comes out.'
      }
      word={of ? 'Replace the value' : 'Set the secret'}
      lacks={name === '' ? 'Give it a name.' : value.length < 4 ? 'A value has at least 4 characters.' : undefined}
      act={async () => {
        // The next value keeps the hosts that it has.
        const bound = of ? {} : { hosts: hostsIn(hosts) };
        const body = { name, value, ...scopeOf(scope.environment, scope.app), ...bound, keep: 2 };
        await read(api.POST('/v1/secrets', { body }));
        await client.invalidateQueries({ queryKey: ['secrets'] });
      }}
      onDone={onClose}
      onClose={onClose}
    >
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
          <HostsField hosts={hosts} onHosts={setHosts} />
        </>
      )}
      <HiddenText
        label="Value"
        note="4 to 65,536 characters; it is not shown again."
        rows={3}
        value={value}
        onText={setValue}
      />
    </FormDialog>
  );
}
