import { Link } from '@tanstack/react-router';
import { Time } from '../ui/time.js';
import { visible } from '../ui/visible.js';
import { Box } from './box.js';
import styles from './changes.module.css';
import type { Diff, Difference } from './model.js';
import { Value } from './value.js';
import { textOf } from './values.js';

/** What it does differently from the last run of this title that succeeded on this target. */
export function Changes({ diff }: { diff: Diff | null }) {
  if (diff === null)
    return (
      <Box title="Changed since the last run here" padded>
        <p className="mut">No run of this title has succeeded on this target yet: all of it is new here.</p>
      </Box>
    );
  const { runId, shortId, endedAt, plan, inputs, steps, same } = diff;
  const note = (
    <>
      run{' '}
      <Link to="/runs/$run" params={{ run: runId }} className="link mono">
        {shortId}
      </Link>
      , <Time at={endedAt} />
    </>
  );
  const nothing = plan.length + inputs.length + steps.length === 0;
  return (
    <Box title="Changed since the last run here" note={note}>
      {nothing && <p className={styles['all']}>Nothing: the same steps with the same inputs.</p>}
      <Part name="inputs" differences={inputs} />
      <Part name="plan" differences={plan} />
      {steps.map(({ id, title, change, differences }) => (
        <Part
          key={id}
          name={`step ${id}`}
          word={change === 'changed' ? undefined : change}
          title={title}
          differences={differences}
        />
      ))}
      {!nothing && same > 0 && (
        <p className={`${styles['all']} label`}>
          {same === 1 ? '1 step is as it was.' : `${same} steps are as they were.`}
        </p>
      )}
    </Box>
  );
}

interface PartProps {
  name: string;
  /** Of a step that came or went. */
  word?: string | undefined;
  title?: string;
  differences: readonly Difference[];
}

function Part({ name, word, title = '', differences }: PartProps) {
  if (differences.length === 0 && word === undefined) return null;
  return (
    <section className={styles['part']} aria-label={visible(name)}>
      <h3>
        <code>{visible(name)}</code>
        {word !== undefined && (
          <span>
            <b>{word}</b>: {visible(title)}
          </span>
        )}
      </h3>
      {differences.map(({ path, before, after }) => (
        <div key={path} className={styles['one']}>
          <p className="mono dim">{visible(path)}</p>
          {before !== undefined && <Side sign="−" word="before" value={before} />}
          {after !== undefined && <Side sign="+" word="after" value={after} />}
        </div>
      ))}
    </section>
  );
}

/** Which is which is told by the sign and by weight: red and green are states. */
function Side({ sign, word, value }: { sign: string; word: 'before' | 'after'; value: unknown }) {
  return (
    <div className={styles[word]}>
      <span aria-hidden="true">{sign}</span>
      <span className="vh">{word}: </span>
      <div>
        <Value text={textOf(value)} />
      </div>
    </div>
  );
}
