import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Confirm } from '../ui/confirm.js';
import type { Key } from './key-state.js';

/** Says what will happen, and does it. */
export function RevokeKey({ of: { keyId, name, hint }, onClose }: { of: Key; onClose: () => void }) {
  const client = useQueryClient();
  return (
    <Confirm
      title={`Revoke the key "${name}"?`}
      about={`Whoever uses ${hint}… is refused from the next request on. Runs that it started go on. It cannot be taken back.`}
      word="Revoke"
      act={async () => {
        await read(api.POST('/v1/keys/{key}/revoke', { params: { path: { key: keyId } } }));
        await client.invalidateQueries({ queryKey: ['keys'] });
      }}
      onClose={onClose}
    />
  );
}
