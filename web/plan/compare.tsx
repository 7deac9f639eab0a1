import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { paths } from '../api/schema.js';
import { Button } from '../ui/button.js';
import { Choice } from '../ui/choice.js';
import { Differences } from '../ui/differences.js';
import { counted, shortDigest } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { Time } from '../ui/time.js';
import { type Draft, planOf } from './draft.js';
import styles from './page.module.css';

const WITH = [
  ['last', 'its last run that succeeded'],
  ['run', 'a run'],
  ['digest', 'a plan by its digest'],
] as const;
type With = (typeof WITH)[number][0];
type Diff = paths['/v1/plans/diff']['post']['responses'][200]['content']['application/json'];

/** What the plan does differently from another, step by step. */
export function Compare({ draft }: { draft: Draft }) {
  const [other, setOther] = useState<With>('last');
  const [name, setName] = useState('');
  const after = { plan: planOf(draft) };
  const named = name.trim();
  const before = other === 'run' ? { run: named } : { digest: named.toLowerCase() };
  const { data, error, isPending, mutate, reset } = useMutation({
    mutationFn: () => read(api.POST('/v1/plans/diff', { body: other === 'last' ? { after } : { before, after } })),
  });
  const choose = (next: With) => {
    setOther(next);
    reset();
  };
  const lacks = other !== 'last' && named.length < 4 ? 'Say which.' : undefined;
  return (
    <section className={styles['section']} aria-label="Compare">
      <form
        className={styles['go']}
        onSubmit={(event) => {
          event.preventDefault();
          if (lacks === undefined) mutate();
        }}
      >
        <Choice label="Compare with" of={WITH} value={other} onChange={choose} />
        {other !== 'last' && (
          <TextField
            label={other === 'run' ? 'Run' : 'Digest'}
            value={name}
            onText={setName}
            maxLength={64}
            placeholder={other === 'run' ? 'last, or digits of its id' : 'at least eight digits'}
          />
        )}
        <Button why={isPending ? 'comparing' : lacks} onClick={() => mutate()}>
          Compare
        </Button>
      </form>
      {error && <Refusal error={error} />}
      {data && <Compared diff={data} />}
    </section>
  );
}

function Compared({ diff }: { diff: Diff }) {
  const { same, before, plan, policy, steps, moved, unchanged } = diff;
  return (
    <>
      <p role="status">
        {same ? 'The same plan as ' : 'Against '}
        {before.runId === null ? (
          <>
            plan <code>{shortDigest(before.digest)}</code>
          </>
        ) : (
          <>
            run{' '}
            <Link to="/runs/$run" params={{ run: before.runId }} className="link mono">
              {before.shortId}
            </Link>
            {before.endedAt !== null && (
              <>
                , <Time at={before.endedAt} />
              </>
            )}
          </>
        )}
        {same ? ': not a letter of it differs.' : `: ${wordsOf(diff)}.`}
      </p>
      <div className={styles['compared']}>
        <Differences
          parts={[
            { name: 'plan', differences: plan },
            { name: 'what policies see', differences: policy },
          ]}
          steps={steps}
        />
      </div>
      {moved.length > 0 && (
        <p className="mut">
          Stands elsewhere: <code>{moved.join(', ')}</code>
        </p>
      )}
      {!same && unchanged > 0 && <p className="label">{counted(unchanged, 'step')} as before.</p>}
    </>
  );
}

/** How many steps came, went and changed. */
function wordsOf({ steps, plan, moved }: Diff): string {
  const count = (change: string) => steps.filter((step) => step.change === change).length;
  const words = (['changed', 'added', 'removed'] as const).flatMap((change) =>
    count(change) === 0 ? [] : [`${counted(count(change), 'step')} ${change}`],
  );
  const beside = [...(plan.length > 0 ? ['the plan itself'] : []), ...(moved.length > 0 ? ['the order'] : [])];
  return [...words, ...beside].join(', ') || 'nothing that matters';
}
