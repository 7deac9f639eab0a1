import { useMutation, useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Refusal } from '../ui/refusal.js';
import type { Draft } from './draft.js';
import styles from './page.module.css';

/** The plans that are ready to run; choosing one puts it on the page, where its inputs are asked for. */
export function Templates({ onChoose }: { onChoose: (draft: Draft) => void }) {
  const { data, error } = useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => read(api.GET('/v1/templates', { signal })),
  });
  const open = useMutation({
    mutationFn: (template: string) => read(api.GET('/v1/templates/{template}', { params: { path: { template } } })),
    onSuccess: ({ text, file }) => onChoose({ text, file }),
  });
  const templates = data?.templates ?? [];
  return (
    <section className={styles['section']} aria-label="Templates">
      <h2>
        Templates <span className="label">plans that are ready to run</span>
      </h2>
      {(error ?? open.error) && <Refusal error={error ?? open.error} />}
      <ul className={styles['templates']}>
        {templates.map(({ name, summary, origin, problem }) => (
          <li key={name}>
            <button
              type="button"
              className={styles['line']}
              disabled={open.isPending}
              onClick={() => open.mutate(name)}
            >
              {name}
            </button>
            <span className="mut">
              {origin === 'project' && 'of this project. '}
              {problem ?? summary}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
