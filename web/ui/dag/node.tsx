import type { KeyboardEvent } from 'react';
import type { Shown } from '../state.js';
import { StateIcon } from '../state-icon.js';
import type { Grouped } from './bands.js';
import styles from './dag.module.css';
import type { GraphNode } from './graph.js';
import { MARK_WORDS, MarkIcon } from './mark-icon.js';

interface Props {
  node: GraphNode<Grouped & { readonly title: string }>;
  near: boolean;
  shown: Shown | undefined;
  chosen: boolean;
  /** Tab comes to it. */
  stop: boolean;
  onSelect: (id: string) => void;
  onFocus: (id: string) => void;
  onKey: (id: string, event: KeyboardEvent) => void;
}

/** A step of the graph: its state, what a person does there, its name and its story. */
export function Node({ node, near, shown, chosen, stop, onSelect, onFocus, onKey }: Props) {
  const { id, title, group } = node.step;
  const mark = group?.mark;
  const said = [
    title === id ? id : `${id}: ${title}`,
    shown?.word,
    mark && MARK_WORDS[mark],
    group?.stories.join(', '),
    group?.phase,
  ].filter(Boolean);
  return (
    <button
      type="button"
      className={`${styles['node']} q-${shown?.look ?? 'queued'}`}
      style={{ left: node.x, top: node.y, width: node.width, height: node.height }}
      data-step={id}
      data-look={shown?.look ?? 'plan'}
      data-mark={mark}
      aria-current={chosen || undefined}
      aria-label={said.join(', ')}
      title={said.join(', ')}
      tabIndex={stop ? 0 : -1}
      onClick={() => onSelect(id)}
      onFocus={() => onFocus(id)}
      onKeyDown={(event) => onKey(id, event)}
    >
      {near && shown && <StateIcon shown={shown} />}
      {near && mark && <MarkIcon mark={mark} />}
      {near && <span className="cut mono">{id}</span>}
      {near && !mark && group && <Story of={group.stories} />}
    </button>
  );
}

/** Drawn as it is no part of the name that the button has for who speaks to it: that says the stories in full. */
function Story({ of: [first, ...others] }: { of: readonly string[] }) {
  if (first === undefined) return null;
  return <span className={styles['story']} data-text={others.length > 0 ? `${first} +${others.length}` : first} />;
}
