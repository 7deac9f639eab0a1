import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Refusal } from '../ui/refusal.js';
import type { Member } from './member-words.js';

/** Says what will happen, and does it. */
export function RemoveMember({ of: { memberId, name, email }, onClose }: { of: Member; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => read(api.POST('/v1/members/{member}/remove', { params: { path: { member: memberId } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['members'] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Take ${name} out?`}
      about={`${email ?? name} is signed out at once; their keys and the invitations that they made are revoked. Runs that they started go on.`}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="go" onClick={() => remove.mutate()}>
            Take out
          </Button>
        </>
      }
    >
      {remove.error && <Refusal error={remove.error} />}
    </Dialog>
  );
}
