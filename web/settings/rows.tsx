import type { ReactNode } from 'react';
import styles from './settings.module.css';

/** A heading of a column; `spare` goes where there is little room, `wide` takes what is left. */
interface Column {
  readonly text: string;
  readonly room?: 'spare' | 'wide';
}

/** What the settings list, a row each, under its headings. */
export function Rows({ columns, children }: { columns: readonly Column[]; children: ReactNode }) {
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            {columns.map(({ text, room }) => (
              <th key={text} scope="col" className={room && styles[room]}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
