import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../../api/client.js';
import { useAct } from '../../ui/act.js';
import { Button } from '../../ui/button.js';
import { Refusal } from '../../ui/refusal.js';
import { visible } from '../../ui/visible.js';
import { type DocumentDetail, extract, type Requirement } from './data.js';
import styles from './documents.module.css';
import { groupsOf, placeText } from './words.js';

interface Props {
  document: DocumentDetail;
  why: string | undefined;
  onLine: (line: number) => void;
}

/** Why no language model can be asked; null: one can. */
const loadWhy = async () => {
  const { why } = await read(api.GET('/v1/model-calls', { params: { query: { limit: 1 } } }));
  return why;
};

/** What the document asks for, each with its place and by what it was found. */
export function Requirements({ document, why, onLine }: Props) {
  const [found, setFound] = useState<Awaited<ReturnType<typeof extract>>>();
  const ask = useAct(() => extract(document.documentId), { onSuccess: setFound });
  const model = useQuery({ queryKey: ['model-calls', 'why none'], queryFn: loadWhy, staleTime: 60_000 });
  const all = found?.requirements ?? document.requirements;
  return (
    <section className={styles['section']} aria-label="What it asks for">
      <h2>
        What it asks for{' '}
        <span className="label">
          {found?.model ? `found by rules and by ${found.model}` : 'found by rules: headings and words'}
        </span>
      </h2>
      {all.length === 0 && <p className="dim">No rule finds entities, workflows, integrations or constraints in it.</p>}
      {groupsOf(all).map(({ heading, requirements }) => (
        <div key={heading}>
          <h3>
            {heading} <span className="label">{requirements.length}</span>
          </h3>
          <ul className={styles['requirements']}>
            {requirements.map((one) => (
              <One key={`${one.from} ${one.text}`} of={one} pages={document.pages} onLine={onLine} />
            ))}
          </ul>
        </div>
      ))}
      <div className={styles['ask']}>
        <Button why={why ?? ask.busy ?? model.data ?? undefined} onClick={() => ask.go()}>
          Ask the language model, too
        </Button>
        <span className="mut" role="status">
          {ask.busy !== undefined && 'It is being asked …'}
          {ask.busy === undefined && found?.why}
        </span>
      </div>
      {ask.error && <Refusal error={ask.error} />}
    </section>
  );
}

function One({ of, pages, onLine }: { of: Requirement; pages: number; onLine: Props['onLine'] }) {
  const { text, line, from } = of;
  return (
    <li>
      <span>{visible(text)}</span>
      <span className={styles['from']}>
        {line === null ? (
          <span className="dim">{placeText(of, pages)}</span>
        ) : (
          <button type="button" onClick={() => onLine(line)}>
            {placeText(of, pages)}
          </button>
        )}
        <span className="label">by {from}</span>
      </span>
    </li>
  );
}
