import { useEffect, useRef } from 'react';
import { visible } from '../../ui/visible.js';
import type { SkillDetail } from './data.js';
import { Section } from './section.js';
import styles from './skills.module.css';

/** The file of a skill with its line numbers; of one that is wrong somewhere, with that line in sight. */
export function SkillFile({ skill: { file, text, place } }: { skill: SkillDetail }) {
  const lines = visible(text).replace(/\n$/, '').split('\n');
  const wrong = useRef<HTMLLIElement>(null);
  useEffect(() => wrong.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <Section title="Its file" note={place === null ? file : `${file}, line ${place.line}`}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by key */}
      <div className={styles['file']} role="region" aria-label={`Text of ${file}`} tabIndex={0}>
        <ol>
          {lines.map((line, at) => (
            <li
              // oxlint-disable-next-line react/no-array-index-key -- a line is its place
              key={at}
              ref={place?.line === at + 1 ? wrong : undefined}
              data-wrong={place?.line === at + 1 || undefined}
            >
              <code>{line}</code>
            </li>
          ))}
        </ol>
      </div>
    </Section>
  );
}
