import { useStore } from '../kit/store.js';
import { useAllCommands } from '../ui/commands.js';
import { Dialog } from '../ui/dialog.js';
import { sheetOpen } from './sheet-store.js';
import styles from './shortcut-sheet.module.css';

/** The keys that work on this page. */
export function ShortcutSheet() {
  const commands = useAllCommands().filter(({ keys }) => keys !== undefined);
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Dialog
      open={useStore(sheetOpen)}
      onClose={() => sheetOpen.set(false)}
      title="Keys"
      about="What works on this page, when no field has the focus."
    >
      {groups.map((group) => (
        <section key={group} className={styles['group']}>
          <h3>{group}</h3>
          <dl>
            {commands
              .filter((command) => command.group === group)
              .map(({ id, text, keys }) => (
                <div key={id}>
                  <dt>{text}</dt>
                  <dd>
                    <kbd>{keys?.toUpperCase()}</kbd>
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
