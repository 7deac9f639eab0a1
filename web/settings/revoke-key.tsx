import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Refusal } from '../ui/refusal.js';
import type { Key } from './key-state.js';

/** Says what will happen, and does it. */
export function RevokeKey({ of: { keyId, name, hint }, onClose }: { of: Key; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => read(api.POST('/v1/keys/{key}/revoke', { params: { path: { key: keyId } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['keys'] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Revoke the key "${name}"?`}
      about={`Whoever uses ${hint}… is refused from the next request on. Runs that it started go on. It cannot be taken back.`}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="go" onClick={() => revoke.mutate()}>
            Revoke
          </Button>
        </>
      }
    >
      {revoke.error && <Refusal error={revoke.error} />}
    </Dialog>
  );
}
