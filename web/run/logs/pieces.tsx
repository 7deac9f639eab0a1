import { useState } from 'react';
import { count } from '../../ui/format.js';
import { type Piece, piecesOf } from './ansi.js';
import styles from './pieces.module.css';

/** A line of a log in its tool's colours. */
export function Pieces({ line, wanted = '' }: { line: string; wanted?: string }) {
  return piecesOf(line, wanted).map((piece, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have nothing but their place
    <One key={place} piece={piece} />
  ));
}

/** More lines than these are shown on demand. */
const MOST_LINES = 24;

/** A text of several lines, harmless as those of a log are. */
export function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const lines = text.replace(/\n+$/, '').split('\n');
  const long = lines.length > MOST_LINES + 4;
  return (
    <span className={styles['text']}>
      {(long && !whole ? lines.slice(0, MOST_LINES) : lines).map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing but their place
        <span key={place}>
          {place > 0 && '\n'}
          <Pieces line={line} />
        </span>
      ))}
      {long && (
        <button type="button" className={styles['more']} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : `Show all ${count(lines.length)} lines`}
        </button>
      )}
    </span>
  );
}

function One({ piece: { text, colour, strong, dim, underlined, hit, secret } }: { piece: Piece }) {
  if (secret) return <span className={styles['secret']}>secret {text}</span>;
  const looks = [
    colour && styles[colour],
    strong && styles['strong'],
    dim && styles['dim'],
    underlined && styles['underlined'],
  ].filter(Boolean);
  const className = looks.length === 0 ? undefined : looks.join(' ');
  if (hit) return <mark className={styles['hit']}>{text}</mark>;
  return className === undefined ? text : <span className={className}>{text}</span>;
}
