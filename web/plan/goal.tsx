import { useState } from 'react';
import { api, read } from '../api/client.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import type { Draft } from './draft.js';
import { draftedFor, unanswered } from './drafted.js';
import styles from './page.module.css';

/** A goal in plain words; what is drafted for it is put on the page, and nothing runs. */
export function Goal({ onChoose }: { onChoose: (draft: Draft) => void }) {
  const [goal, setGoal] = useState('');
  const [missing, setUnanswered] = useState<readonly string[]>([]);
  const draft = useAct(() => read(api.POST('/v1/plans/draft', { body: { goal } })), {
    onSuccess: (made) => {
      setUnanswered(unanswered(made));
      const drafted = draftedFor(made);
      if (drafted) onChoose(drafted);
    },
  });
  const why = draft.busy ?? (goal.trim().length < 3 ? 'Say what you want.' : undefined);
  return (
    <section className={styles['section']} aria-label="Goal">
      <h2>
        Goal <span className="label">say it in your words; what comes of it is a draft</span>
      </h2>
      <form
        className={styles['goal']}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined) draft.go();
        }}
      >
        <TextField
          label="What you want"
          value={goal}
          onText={setGoal}
          maxLength={4000}
          placeholder="restart the staging shop and make sure the checkout works"
        />
        <Button why={why} onClick={() => draft.go()}>
          Draft a plan
        </Button>
      </form>
      {draft.error && <Refusal error={draft.error} />}
      <div role="status">
        {missing.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </section>
  );
}
