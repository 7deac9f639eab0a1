import { sentence } from '../ui/sentence.js';
import type { Shown } from '../ui/state.js';
import { State } from '../ui/state-icon.js';
import { unturned } from '../ui/visible.js';
import type { DryRun } from './compiled.js';
import styles from './page.module.css';

/** What a run would do with these inputs. */
export function DryRunView({ dryRun }: { dryRun: DryRun }) {
  const { ready, workspace, steps } = dryRun;
  const state: Shown = ready
    ? { look: 'exit', word: 'could start now' }
    : { look: 'failed', word: 'something is missing' };
  return (
    <div className={styles['dry']}>
      <p>
        <State shown={state} /> <span className="dim">looked from</span> <code>{workspace}</code>
        <span className="dim">; a run works in a folder of its own, unless its plan says “inplace”</span>
      </p>
      <ol>
        {steps.map(({ id, title, starts, items, args, preconditions }) => (
          <li key={id}>
            <p>
              <code>{id}</code> {unturned(title)} <span className="label">{startsText(starts, items)}</span>
            </p>
            <pre>{JSON.stringify(args, null, 2)}</pre>
            {preconditions.map((one) => (
              <p key={one.id} className={styles['pre']}>
                <State shown={preconditionShown(one.ok)} /> <code>{one.id}</code>{' '}
                {one.ok !== true && (
                  <span className="mut">
                    {sentence(one.missing)} {one.mend}
                  </span>
                )}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </div>
  );
}

function startsText(starts: boolean | null, items: number | null): string {
  if (starts === false) return 'would be skipped';
  if (starts === null) return 'whether it runs depends on what earlier steps find';
  return items === null ? '' : `${items} items`;
}

function preconditionShown(ok: boolean | null): Shown {
  if (ok === null) return { look: 'queued', word: 'not known yet' };
  return ok ? { look: 'exit', word: 'holds' } : { look: 'failed', word: 'missing' };
}
