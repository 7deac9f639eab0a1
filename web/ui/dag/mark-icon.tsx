import type { ReactNode } from 'react';
import type { StepGroup } from '#ir/groups.js';
import styles from './dag.module.css';

type Mark = NonNullable<StepGroup['mark']>;

/** A flag: everything before meets here. A list with ticks: what the specification says must hold. */
const SHAPES: Readonly<Record<Mark, ReactNode>> = {
  checkpoint: <path d="M4 14.5v-13M4 2.5h8.5l-2.4 3 2.4 3H4" />,
  acceptance: <path d="m1.5 4 1.4 1.4L5.4 2.6M1.5 11.4l1.4 1.4 2.5-2.8M8.2 4.2h6.3M8.2 11.6h6.3" />,
};

/** What a person does at such a step. */
export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  checkpoint: 'checkpoint: a person looks',
  acceptance: 'acceptance: a person looks',
};

/** The sign of a step at which a person looks at what was done. */
export function MarkIcon({ mark }: { mark: Mark }) {
  return (
    <svg className={styles['mark']} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      {SHAPES[mark]}
    </svg>
  );
}
