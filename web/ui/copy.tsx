import { useState } from 'react';
import styles from './copy.module.css';

/** A command that the reader may take along. */
export function Command({ text }: { text: string }) {
  return (
    <span className={styles['command']}>
      <code className="cut">{text}</code>
      <CopyButton text={text} what="the command" />
    </span>
  );
}

/** Copies a text; says so where it stands, without a toast. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [word, setWord] = useState('Copy');
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setWord('Copied'),
      () => setWord('Select it: the browser forbids copying'),
    );
    setTimeout(() => setWord('Copy'), 2000);
  };
  return (
    <button type="button" className={styles['copy']} onClick={copy} aria-label={`${word} ${what}`}>
      {word}
    </button>
  );
}
