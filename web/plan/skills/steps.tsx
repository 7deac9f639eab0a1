import { visible } from '../../ui/visible.js';
import type { SkillParts } from './data.js';
import { Section } from './section.js';
import styles from './skills.module.css';
import { judgesText } from './words.js';

/** The steps that stand behind one, and what judges each of them and the whole. */
export function SkillSteps({ parts: { steps, verifiers } }: { parts: SkillParts }) {
  return (
    <Section title="Steps" note={`${steps.length}, each with a proof of its own`}>
      <ol className={styles['steps']}>
        {steps.map(({ id, title, tool, dependsOn, verifiers: own, rollback }) => (
          <li key={id}>
            <p>
              <b>{visible(title)}</b> {title !== id && <code className="dim">{id}</code>}
            </p>
            <p className="mut">
              {tool}
              {dependsOn.length > 0 && `, after ${dependsOn.join(', ')}`}
            </p>
            <p className="mut">
              {own.length === 0 ? 'judged by its exit code only' : `judged by ${judgesText(own)}`}
              {rollback.length > 0 && `; undone by: ${visible(rollback.join(', '))}`}
            </p>
          </li>
        ))}
      </ol>
      <p>
        <span className="dim">The whole is judged by</span>{' '}
        {verifiers.length === 0 ? 'its steps alone' : judgesText(verifiers)}
      </p>
    </Section>
  );
}
