import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { FormDialog } from '../ui/form-dialog.js';
import { HostsField } from './scope-fields.js';
import { hostsIn, placeOf, type Secret, scopeOf } from './secret-words.js';

/** Says where a secret may be sent. */
export function BindSecret({ of, onClose }: { of: Secret; onClose: () => void }) {
  const { name, environment, app } = of;
  const [hosts, setHosts] = useState(of.hosts.join(', '));
  const client = useQueryClient();
  return (
    <FormDialog
      title={`Where ${name} may go`}
      about={`It counts ${placeOf(of)}. Calls, checks and redirects that would take it elsewhere are refused; programs are not held to it.`}
      word={hostsIn(hosts).length === 0 ? 'Let it go anywhere' : 'Bind it to these hosts'}
      act={async () => {
        const body = { hosts: hostsIn(hosts), ...scopeOf(environment ?? '', app ?? '') };
        await read(api.POST('/v1/secrets/{name}/hosts', { params: { path: { name } }, body }));
        await client.invalidateQueries({ queryKey: ['secrets'] });
      }}
      onDone={onClose}
      onClose={onClose}
    >
      <HostsField hosts={hosts} onHosts={setHosts} />
    </FormDialog>
  );
}
