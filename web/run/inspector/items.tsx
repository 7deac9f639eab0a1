import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.js';
import { fineDuration } from '../../ui/format.js';
import { Segmented } from '../../ui/segmented.js';
import { standingShown } from '../../ui/state.js';
import { StateIcon } from '../../ui/state-icon.js';
import { itemsQuery } from '../data.js';
import pane from './inspector.module.css';
import styles from './items.module.css';
import type { PaneProps } from './pane-props.js';

/** The items of a forEach, page by page; those that went wrong can be picked out. */
export function Items({ run, step, address, onGo }: PaneProps) {
  const [bad, setBad] = useState(false);
  const [starts, setStarts] = useState<readonly number[]>([0]);
  const { data } = useQuery(itemsQuery(run.runId, step.id, { from: starts.at(-1) ?? 0, bad }));
  // What a person can say of an item stands in its overview.
  const show = (item: number, status: string) =>
    onGo({ item, attempt: undefined, line: undefined, tab: status === 'waiting' ? 'overview' : 'attempts' });
  return (
    <div className={pane['section']}>
      <h3 className={styles['head']}>
        Items {step.items && `${step.items.done} of ${step.items.total} done`}
        <span className="grow" />
        <Segmented
          label="Which items"
          value={bad ? 'bad' : 'all'}
          options={[
            { value: 'all', text: 'All' },
            { value: 'bad', text: 'Not well' },
          ]}
          onChange={(value) => {
            setBad(value === 'bad');
            setStarts([0]);
          }}
        />
      </h3>
      {data?.page.length === 0 && <p className="dim">{bad ? 'None went wrong.' : 'There is none yet.'}</p>}
      <ol>
        {data?.page.map(({ item, status, word, wakeAt, startedAt, endedAt, error }) => {
          const shown = standingShown({ status, word, wakeAt });
          return (
            <li key={item}>
              <button
                type="button"
                className={styles['item']}
                aria-current={item === address.item || undefined}
                onClick={() => show(item, status)}
              >
                <StateIcon shown={shown} alone />
                <code>#{item}</code>
                <span className="cut mut">{error?.message ?? shown.word}</span>
                <span className="num">
                  {endedAt === null ? '' : fineDuration(Date.parse(endedAt) - Date.parse(startedAt))}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      <div className={pane['buttons']}>
        {starts.length > 1 && <Button onClick={() => setStarts(starts.slice(0, -1))}>Before</Button>}
        {typeof data?.next === 'number' && (
          <Button onClick={() => setStarts([...starts, data.next ?? 0])}>Further</Button>
        )}
        {address.item >= 0 && <Button onClick={() => onGo({ item: -1 })}>The step as a whole</Button>}
      </div>
    </div>
  );
}
