import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Confirm } from '../ui/confirm.js';
import { placeOf, type Secret, scopeOf } from './secret-words.js';

/** Says what will happen, and does it. */
export function RemoveSecret({ of, onClose }: { of: Secret; onClose: () => void }) {
  const { name, environment, app } = of;
  const client = useQueryClient();
  return (
    <Confirm
      title={`Remove ${name}?`}
      about={`Steps that name it fail ${placeOf(of)}, and what still prints its value is no longer masked: revoke it first where it belongs. It cannot be taken back.`}
      word="Remove"
      act={async () => {
        const body = scopeOf(environment ?? '', app ?? '');
        await read(api.POST('/v1/secrets/{name}/remove', { params: { path: { name } }, body }));
        await client.invalidateQueries({ queryKey: ['secrets'] });
      }}
      onClose={onClose}
    />
  );
}
