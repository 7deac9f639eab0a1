import { useEffect, useRef } from 'react';
import { type Mark, markAt } from './marks.js';
import styles from './page.module.css';

const LINE = 20;

interface Props {
  text: string;
  marks: readonly Mark[];
  /** The line to bring into sight, from 1. */
  line: number | undefined;
  selected: string | undefined;
  /** `anew`: it was pasted over all that stood here. */
  onText: (text: string, anew: boolean) => void;
  onSelect: (step: string) => void;
}

/** The source, to be written or pasted; beside its lines stands what became of them. */
export function Source({ text, marks, line, selected, onText, onSelect }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const anew = useRef(false);
  const lines = text.split('\n').length;
  useEffect(() => {
    if (line !== undefined) frame.current?.scrollTo({ top: Math.max(0, (line - 4) * LINE) });
  }, [line]);
  return (
    <div ref={frame} className={styles['source']}>
      <ol className={styles['gutter']} style={{ height: lines * LINE }}>
        {marks.map((mark) => (
          <li
            key={`${mark.from} ${mark.to} ${mark.word}`}
            className={styles['mark']}
            style={{ top: (mark.from - 1) * LINE, height: (mark.to - mark.from + 1) * LINE }}
            data-word={mark.word}
            data-chosen={(selected !== undefined && mark.step === selected) || undefined}
          >
            {mark.step === undefined ? (
              <span title={mark.why}>{mark.word}</span>
            ) : (
              <button type="button" title={`${mark.why}. Step ${mark.step}`} onClick={() => onSelect(mark.step ?? '')}>
                {mark.word}
              </button>
            )}
          </li>
        ))}
      </ol>
      <pre className={styles['numbers']} aria-hidden="true">
        {Array.from({ length: lines }, (_, n) => n + 1).join('\n')}
      </pre>
      <textarea
        aria-label="Plan or runbook"
        className={styles['text']}
        style={{ height: lines * LINE + 24 }}
        value={text}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        placeholder={
          'Paste a runbook (Markdown), a plan (YAML, JSON) or a task list, or drop files here.\nA PDF, Word file, web page or picture is read under Documents.'
        }
        onPaste={({ currentTarget }) => {
          const { selectionStart, selectionEnd, value } = currentTarget;
          anew.current = selectionStart === 0 && selectionEnd === value.length;
        }}
        onChange={({ target }) => {
          onText(target.value, anew.current);
          anew.current = false;
        }}
        onClick={({ currentTarget }) => {
          const at = text.slice(0, currentTarget.selectionStart).split('\n').length;
          const step = markAt(marks, at)?.step;
          if (step !== undefined) onSelect(step);
        }}
      />
    </div>
  );
}
