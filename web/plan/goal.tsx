import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import type { Draft } from './draft.js';
import styles from './page.module.css';

/** A goal in plain words; what is drafted for it is put on the page, and nothing runs. */
export function Goal({ onChoose }: { onChoose: (draft: Draft) => void }) {
  const [goal, setGoal] = useState('');
  const draft = useMutation({
    mutationFn: () => read(api.POST('/v1/plans/draft', { body: { goal } })),
    onSuccess: ({ text, questions, why, model }) => {
      if (text === null) return;
      const told = [why ?? `Drafted by ${model}.`, ...questions.map((question) => `? ${question}`)];
      // What has to be answered stands above the plan, where its reader looks first.
      onChoose({
        text: `${told.map((line) => `# ${line.replaceAll(/\s+/g, ' ')}\n`).join('')}${text}`,
        file: 'draft.yaml',
      });
    },
  });
  const { data, error, isPending } = draft;
  const why = isPending ? 'drafting' : goal.trim().length < 3 ? 'say what you want' : undefined;
  return (
    <section className={styles['section']} aria-label="Goal">
      <h2>
        Goal <span className="label">say it in your words; what comes of it is a draft</span>
      </h2>
      <form
        className={styles['go']}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined) draft.mutate();
        }}
      >
        <TextField
          label="What you want"
          value={goal}
          onText={setGoal}
          maxLength={4000}
          placeholder="restart the staging shop and make sure the checkout works"
        />
        <Button why={why} onClick={() => draft.mutate()}>
          Draft a plan
        </Button>
      </form>
      {error && <Refusal error={error} />}
      {data?.text === null && (
        <div role="status">
          {[data.why ?? '', data.problem ?? '', ...data.questions].filter(Boolean).map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
    </section>
  );
}
