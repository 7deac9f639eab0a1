import { useMutation } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import type { paths } from '../api/schema.js';
import { Button } from '../ui/button.js';
import { counted, fullTime } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { visible } from '../ui/visible.js';
import styles from './page.module.css';

type Replayed = paths['/v1/runs/{run}/replay']['get']['responses'][200]['content']['application/json'];

/** Decides the run anew from its records, when asked: the room runs its own rules over what was recorded. */
export function Replay({ run, ended }: { run: string; ended: boolean }) {
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: () => read(api.GET('/v1/runs/{run}/replay', { params: { path: { run } } })),
  });
  const why = isPending ? 'deciding' : ended ? undefined : 'The run goes on.';
  return (
    <section className={styles['section']} aria-label="Replay">
      <h2>Replay</h2>
      <p className="mut">
        Decides everything in this run once more, from what was recorded and by the engine’s own rules. Nothing is
        called.
      </p>
      <p>
        <Button why={why} onClick={() => mutate()}>
          Decide it anew
        </Button>
      </p>
      {error && <Refusal error={error} />}
      {data && <Outcome replayed={data} />}
    </section>
  );
}

function Outcome({ replayed }: { replayed: Replayed }) {
  const { same, decisions, counts, people, difference } = replayed;
  return (
    <div role="status" className={styles['replayed']}>
      {same ? (
        <p>These decisions follow from the records: {counted(decisions, 'decision')}, no difference.</p>
      ) : (
        <p>
          <b>The records and the rules part.</b> {counted(decisions, 'decision')} before that follow.
        </p>
      )}
      {difference && (
        <dl className={styles['fields']}>
          <Row name="where">{placeOf(difference)}</Row>
          <Row name="recorded">{difference.recorded}</Row>
          <Row name="decided">{difference.decided}</Row>
          <Row name="why">{difference.why}</Row>
        </dl>
      )}
      {same && <p className="dim">{counts.map(({ about, count }) => `${about} ${count}`).join(' · ')}</p>}
      {people.length > 0 && (
        <>
          <p>Not decided by rule, a person said so:</p>
          <ul>
            {people.map(({ seq, at, by, what, reason }) => (
              <li key={seq}>
                <code>{visible(what)}</code> by {visible(by)}, {fullTime(new Date(at))}
                {reason !== '' && `: ${visible(reason)}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function placeOf({ step, item, attempt }: NonNullable<Replayed['difference']>): string {
  if (step === null) return 'the run as a whole';
  const unit = item === null ? `step ${step}` : `step ${step}, item ${item}`;
  return attempt === null ? unit : `${unit}, attempt ${attempt}`;
}

function Row({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{visible(children)}</dd>
    </div>
  );
}
