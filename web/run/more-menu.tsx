import { DropdownMenu } from 'radix-ui';
import styles from './more-menu.module.css';
import type { HeadAction } from './telling.js';

/** Actions that are seldom wanted, or not possible now: each says why not. */
export function MoreMenu({ actions, onAct }: { actions: readonly HeadAction[]; onAct: (action: HeadAction) => void }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles['trigger']}>More</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={styles['menu']}>
          {actions.map((action) => (
            <DropdownMenu.Item
              key={action.id}
              className={styles['item']}
              aria-disabled={action.why !== undefined}
              onSelect={(event) => {
                // It stays in sight with its reason.
                if (action.why === undefined) onAct(action);
                else event.preventDefault();
              }}
            >
              <span>{action.text}</span>
              {action.why === undefined ? (
                <kbd aria-hidden="true">{action.key.toUpperCase()}</kbd>
              ) : (
                <span className="label">{action.why}</span>
              )}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
