import { visible } from '../ui/visible.js';
import { Box } from './box.js';
import styles from './detail.module.css';
import type { IntentDetail } from './model.js';
import { claimedWords, isOpen, ruleWords } from './words.js';

/** Which policy asks, with its words, and what of the request was not believed. */
export function WhyAsked({ intent }: { intent: IntentDetail }) {
  const { decision, policies, rules } = intent;
  const claimed = claimedWords(intent);
  const title =
    decision.effect === 'deny' ? 'Why it was denied' : isOpen(intent) ? 'Why you are asked' : 'Why people were asked';
  return (
    <Box title={title} padded>
      {decision.effect === 'allow' && <p className="mut">Policy lets it run: nobody needs to agree.</p>}
      {decision.policies.map((id) => {
        const policy = policies.find((one) => one.id === id);
        const rule = rules.find((one) => one.policy === id);
        return (
          <div key={id} className={styles['policy']}>
            <b className="mono">{visible(id)}</b>
            <p className="mut">{visible(policy?.reason ?? rule?.reason ?? '')}</p>
            {rule && <p className="label">{visible(ruleWords(rule))}</p>}
            {policy && (
              <details>
                <summary>The policy’s text</summary>
                <pre className={styles['text']}>{visible(policy.text)}</pre>
              </details>
            )}
          </div>
        );
      })}
      {claimed.length > 0 && (
        <p className={`${styles['claimed']} mut`}>
          The request said{' '}
          {claimed.map((one, place) => (
            <span key={one}>
              {place > 0 && ', '}
              <code>{one}</code>
            </span>
          ))}
          . That is never believed: who asks is told by the key.
        </p>
      )}
    </Box>
  );
}
