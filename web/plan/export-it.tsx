import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Choice } from '../ui/choice.js';
import { CopyButton } from '../ui/copy.js';
import { Refusal } from '../ui/refusal.js';
import { type Draft, planOf } from './draft.js';
import styles from './page.module.css';

const FORMS = [
  ['github-actions', 'GitHub Actions workflow'],
  ['claude-code', 'Task for Claude Code'],
  ['codex', 'Task for Codex'],
  ['markdown', 'Markdown'],
] as const;
type Form = (typeof FORMS)[number][0];

/** The plan in another form, to be taken elsewhere. */
export function ExportIt({ draft }: { draft: Draft }) {
  const [to, setTo] = useState<Form>('github-actions');
  const { data, error, isPending, mutate, reset } = useMutation({
    mutationFn: () => read(api.POST('/v1/plans/export', { body: { plan: planOf(draft), to } })),
  });
  const choose = (form: Form) => {
    setTo(form);
    reset();
  };
  return (
    <section className={styles['section']} aria-label="Export">
      <div className={styles['go']}>
        <Choice label="Take it elsewhere as" of={FORMS} value={to} onChange={choose} />
        <Button why={isPending ? 'exporting' : undefined} onClick={() => mutate()}>
          Export
        </Button>
      </div>
      {error && <Refusal error={error} />}
      {data && (
        <>
          <p>
            <code>{data.file}</code> <CopyButton text={data.text} what="the file" />
          </p>
          {data.notCarried.length > 0 && <p className="mut">Not carried over: {data.notCarried.join('; ')}.</p>}
          {data.notes.map((note) => (
            <p key={note} className={styles['warning']}>
              {note}
            </p>
          ))}
          <div className={styles['dry']}>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by key */}
            <pre tabIndex={0}>{data.text}</pre>
          </div>
        </>
      )}
    </section>
  );
}
