import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../ui/act.js';
import { Button } from '../../ui/button.js';
import { Refusal } from '../../ui/refusal.js';
import { TextField } from '../../ui/text-field.js';
import { keepDraft } from '../draft.js';
import { unanswered } from '../drafted.js';
import { type DocumentDetail, type Drafted, draft } from './data.js';
import styles from './documents.module.css';
import { draftFrom } from './words.js';

/** From a document to a plan: by its own commands, or for a goal that it is about. What comes of it is shown, and nothing runs. */
export function DraftIt({ document, why }: { document: DocumentDetail; why: string | undefined }) {
  const [goal, setGoal] = useState('');
  const [said, setSaid] = useState<readonly string[]>([]);
  const navigate = useNavigate();
  const take = (made: Drafted) => {
    const drafted = draftFrom(document, made);
    if (drafted === undefined)
      return setSaid(made.draft ? unanswered(made.draft) : [made.why ?? 'No plan came of it.']);
    keepDraft(drafted);
    return navigate({ to: '/plan', search: {} });
  };
  const make = useAct((wanted: string | undefined) => draft(document.documentId, wanted), { onSuccess: take });
  const barred = why ?? make.busy;
  const lacking = barred ?? (goal.trim().length < 3 ? 'Say what you want.' : undefined);
  const forGoal = () => {
    if (lacking === undefined) make.go(goal.trim());
  };
  return (
    <section className={styles['section']} aria-label="Draft a plan from it">
      <h2>
        Draft a plan from it <span className="label">each step says where it came from; nothing runs</span>
      </h2>
      <p>
        <Button look="go" why={barred} onClick={() => make.go(undefined)}>
          Draft from its commands
        </Button>
      </p>
      <form
        className={styles['goal']}
        onSubmit={(event) => {
          event.preventDefault();
          forGoal();
        }}
      >
        <TextField
          label="Or say what you want of it"
          maxLength={4000}
          value={goal}
          onText={setGoal}
          placeholder="restart the shop as it says, on staging"
        />
        <Button why={lacking} onClick={forGoal}>
          Draft for this
        </Button>
      </form>
      <div role="status">
        {make.busy !== undefined && <p className="mut">It is being drafted …</p>}
        {said.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {make.error && <Refusal error={make.error} />}
    </section>
  );
}
