import { useMutation, useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { forgetDraft } from '../plan/draft.js';
import styles from './person.module.css';

/** The other organisations of who is signed in: working in another one opens the room anew. */
export function Organisations() {
  const list = useQuery({ queryKey: ['organisations'], queryFn: () => read(api.GET('/v1/organisations')) });
  const change = useMutation({
    mutationFn: (organisation: string) =>
      read(api.POST('/v1/organisations/{organisation}/switch', { params: { path: { organisation } } })),
    onSuccess: () => {
      forgetDraft();
      location.assign('/'); // a new page: nothing of the other organisation stays in memory
    },
  });
  const organisations = list.data?.organisations ?? [];
  if (organisations.length < 2) return null;
  return (
    <div className={styles['organisations']}>
      {organisations.map(({ slug, name, current }) => (
        <button key={slug} type="button" aria-pressed={current} onClick={() => !current && change.mutate(slug)}>
          {change.error && change.variables === slug ? 'The room does not answer: try again' : name}
        </button>
      ))}
    </div>
  );
}
