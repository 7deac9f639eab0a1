import type { ReactNode } from 'react';
import { Text } from '../logs/pieces.js';
import styles from './values.module.css';

const DEEPEST = 5;

/** A value of JSON as people read it: names and values in two columns, texts with their lines, secrets as their names. */
export function Values({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (typeof value === 'string') return <Text text={value} />;
  if (value === null || typeof value !== 'object') return <code className={styles['value']}>{String(value)}</code>;
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((element: unknown, place) => [String(place), element])
    : Object.entries(value);
  if (entries.length === 0) return <span className="dim">{Array.isArray(value) ? 'an empty list' : 'nothing'}</span>;
  if (depth >= DEEPEST) return <Text text={JSON.stringify(value)} />;
  return (
    <dl className={styles['pairs']}>
      {entries.map(([name, member]) => (
        <Pair key={name} name={name}>
          <Values value={member} depth={depth + 1} />
        </Pair>
      ))}
    </dl>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="mono">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
