import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Confirm } from '../ui/confirm.js';
import { visible } from '../ui/visible.js';
import type { Member } from './member-words.js';

/** Says what will happen, and does it. */
export function RemoveMember({ of: { memberId, name, email, keys }, onClose }: { of: Member; onClose: () => void }) {
  const client = useQueryClient();
  return (
    <Confirm
      title={`Take ${name} out?`}
      about={`${email ?? name} is signed out at once; ${keysText(keys)} and the invitations that they made are revoked. Runs that they started go on.`}
      word="Take out"
      act={async () => {
        await read(api.POST('/v1/members/{member}/remove', { params: { path: { member: memberId } } }));
        await client.invalidateQueries({ queryKey: ['members'] });
      }}
      onClose={onClose}
    />
  );
}

const keysText = (keys: Member['keys']): string =>
  keys.length === 0 ? 'their keys' : `their keys (${keys.map(({ name }) => visible(name)).join(', ')})`;
