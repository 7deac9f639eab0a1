import { useState } from 'react';
import styles from './value.module.css';
import { folded, piecesOf, type Row } from './values.js';
import { visible, visibleMarked } from './visible.js';

interface ValueProps {
  text: string;
  /** Its marks are the room's, which has escaped what looks like one; in all other texts nothing is a mark. */
  marked?: boolean;
}

/** A text as it will be, with secrets as their names; a long one is folded. */
export function Value({ text, marked = false }: ValueProps) {
  const [open, setOpen] = useState(false);
  const all = marked ? visibleMarked(text) : visible(text);
  const { head, rest } = folded(all);
  if (all === '') return <span className="dim">empty</span>;
  return (
    <>
      <span className={styles['value']}>
        {piecesOf(open ? all : head, marked).map(({ kind, text: part }, place) =>
          kind === 'text' ? (
            part
          ) : (
            <span key={place} className={styles['mark']}>
              {kind === 'secret' ? `secret ${part}` : `known when it runs: ${part}`}
            </span>
          ),
        )}
      </span>{' '}
      {rest !== '' && (
        <button type="button" className={styles['fold']} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Fold' : rest}
        </button>
      )}
    </>
  );
}

/** Names and values, a row each. */
export function Pairs({ rows, marked = false }: { rows: readonly Row[]; marked?: boolean }) {
  return (
    <dl className={styles['pairs']}>
      {rows.map(({ path, text }) => [
        <dt key={`name ${path}`} className="mono">
          {path}
        </dt>,
        <dd key={`value ${path}`}>
          <Value text={text} marked={marked} />
        </dd>,
      ])}
    </dl>
  );
}
