import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import type { Compiled } from './compiled.js';
import { toolsOfPlan, unnamed } from './may-call-list.js';
import styles from './page.module.css';

interface Props {
  compiled: Compiled;
  text: string;
  onText: (text: string) => void;
}

/** What this one run may call; nothing typed: whatever the room, the plan and its session allow. */
export function MayCall({ compiled, text, onText }: Props) {
  const outside = unnamed(compiled, text);
  const uses = toolsOfPlan(compiled);
  return (
    <details className={styles['may']} open={text !== ''}>
      <summary>What this run may call</summary>
      <Field
        label="Tools"
        wrong={outside.length > 0}
        note={
          outside.length > 0
            ? `Not in the list, so it would fail before anything is called: ${outside.join(', ')}`
            : 'One a line, * for any part: shell, mcp:github:*. Empty: what the plan and its session allow.'
        }
      >
        {(ids) => <textarea {...ids} rows={4} value={text} onChange={({ target }) => onText(target.value)} />}
      </Field>
      <Button why={uses.length === 0 ? 'The plan calls nothing.' : undefined} onClick={() => onText(uses.join('\n'))}>
        Only what the plan uses
      </Button>
    </details>
  );
}
