import { Button } from '../ui/button.js';
import { toolsIn } from '../ui/tool-list.js';
import { ToolsField } from '../ui/tools-field.js';
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
  const tools = toolsIn(text);
  const outside = unnamed(compiled, tools.length === 0 ? null : tools);
  const uses = toolsOfPlan(compiled);
  return (
    <details className={styles['may']} open={text !== ''}>
      <summary>What this run may call</summary>
      <ToolsField
        text={text}
        onText={onText}
        note="One a line, * for any part: shell, mcp:github:*. Empty: what the plan and its session allow."
        warning={
          outside.length === 0
            ? undefined
            : `Not in the list, so it would fail before anything is called: ${outside.join(', ')}.`
        }
      />
      <Button why={uses.length === 0 ? 'The plan calls nothing.' : undefined} onClick={() => onText(uses.join('\n'))}>
        Only what the plan uses
      </Button>
    </details>
  );
}
