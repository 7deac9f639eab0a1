import styles from './differences.module.css';
import { Value } from './value.js';
import { textOf } from './values.js';
import { visible } from './visible.js';

/** One place in which two plans differ; what is not there is undefined. */
export interface Difference {
  path: string;
  before?: unknown;
  after?: unknown;
}

export interface StepChange {
  id: string;
  title: string;
  change: 'added' | 'removed' | 'changed';
  differences: readonly Difference[];
}

/** What two plans do differently: parts of the plan by name, then the steps. */
export function Differences({
  parts,
  steps,
}: {
  parts: readonly { name: string; differences: readonly Difference[] }[];
  steps: readonly StepChange[];
}) {
  return (
    <>
      {parts.map(({ name, differences }) => (
        <Part key={name} name={name} differences={differences} />
      ))}
      {steps.map(({ id, title, change, differences }) => (
        <Part
          key={id}
          name={`step ${id}`}
          word={change === 'changed' ? undefined : change}
          title={title}
          differences={differences}
        />
      ))}
    </>
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
    <section className={styles['part']} aria-label={`Differences: ${visible(name)}`}>
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
