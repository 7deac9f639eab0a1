import { type CSSProperties, type KeyboardEvent, type RefObject, useEffect, useMemo, useState } from 'react';
import { groupsOf } from '#ir/groups.js';
import { Button } from '../button.js';
import type { Shown } from '../state.js';
import { type Grouped, hasPhases, TITLES } from './bands.js';
import styles from './dag.module.css';
import { boxOf, type Graph, graphOf, linesOf, meets, stepTowards } from './graph.js';
import { Node } from './node.js';
import { Phases } from './phases.js';
import type { Drawn, Stage } from './stage.js';
import { useStage } from './use-stage.js';

export interface DagStep extends Grouped {
  readonly title: string;
}

interface Props {
  /** The same array as long as the plan is the same: it is laid out anew with each other one. */
  steps: readonly Omit<DagStep, 'group'>[];
  /** Of the plan, likewise the same: it may say the phases and stories of the steps. */
  metadata: Readonly<Record<string, unknown>>;
  /** States by step; of a plan that nobody runs there are none. */
  shown?: ReadonlyMap<string, Shown> | undefined;
  selected?: string | undefined;
  onSelect: (id: string) => void;
}

const [CLOSER, FARTHER] = [1.3, 1 / 1.3];

/**
 * The steps of a plan and what each waits for; only what is in sight is on the page. Drag to move, wheel with Ctrl to zoom; Tab
 * comes to one step, the arrow keys walk along the lines, Enter chooses.
 */
export function Dag({ steps, metadata, shown, selected, onSelect }: Props) {
  const graph = useMemo(() => groupedGraph(steps, metadata), [steps, metadata]);
  const { pane, layer, stage, drawn } = useStage(graph, graph.nodes.get(selected ?? ''));
  const [active, setActive] = useState<string>();
  useEffect(() => {
    const buttons = [...(layer.current?.querySelectorAll('button') ?? [])];
    buttons.find(({ dataset }) => dataset['step'] === active)?.focus({ preventScroll: true });
  }, [layer, active]);
  const go = (id: string) => {
    const node = graph.nodes.get(id);
    if (node) stage.current?.show(node, false);
    setActive(id);
  };
  const onKey = (id: string, event: KeyboardEvent) => {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault(); // also where it leads nowhere: the page must not scroll away under the reader
    const to = stepTowards(graph, id, event.key);
    if (to !== undefined) go(to);
  };
  const shared = { graph, selected };
  return (
    <div className={styles['dag']} style={{ '--drawn': `${graph.height}px` } as CSSProperties}>
      <div
        ref={pane}
        className={styles['pane']}
        data-more={drawn?.more || undefined}
        data-tall={drawn?.tall || undefined}
        role="group"
        aria-label="Steps as a graph"
      >
        <div ref={layer} className={styles['layer']} data-far={drawn?.near === false || undefined}>
          {drawn && <Phases graph={graph} drawn={drawn} />}
          {drawn && <Lines {...shared} drawn={drawn} />}
          {drawn && (
            <Nodes {...shared} drawn={drawn} {...{ shown, onSelect, onKey }} onFocus={go} stop={active ?? selected} />
          )}
        </div>
      </div>
      {(drawn?.more || drawn?.near === false) && <Sizes stage={stage} />}
    </div>
  );
}

function groupedGraph(steps: Props['steps'], metadata: Props['metadata']): Graph<DagStep> {
  const groups = groupsOf(metadata);
  const grouped = steps.map((step) => ({ ...step, group: groups.get(step.id) }));
  return graphOf(grouped, hasPhases(grouped) ? TITLES : 0);
}

/** For who has no wheel. */
function Sizes({ stage }: { stage: RefObject<Stage | undefined> }) {
  return (
    <div className={styles['panel']}>
      <Button look="bare" onClick={() => stage.current?.zoom(FARTHER)} title="Smaller" aria-label="Smaller">
        −
      </Button>
      <Button look="bare" onClick={() => stage.current?.zoom(CLOSER)} title="Larger" aria-label="Larger">
        +
      </Button>
      <Button look="bare" onClick={() => stage.current?.fit()}>
        Fit
      </Button>
    </div>
  );
}

/** The lines in sight, and darker those of the chosen step. */
function Lines({ graph, drawn, selected }: { graph: Graph; drawn: Drawn; selected: string | undefined }) {
  const { edges } = graph;
  const [all, own] = useMemo(() => {
    const near = edges.filter((edge) => meets(boxOf(edge), drawn.part));
    return [
      linesOf(near),
      linesOf(near.filter(({ from, to }) => from.step.id === selected || to.step.id === selected)),
    ];
  }, [edges, drawn.part, selected]);
  return (
    <svg className={styles['lines']} aria-hidden="true">
      <path d={all} />
      <path d={own} data-chosen="" />
    </svg>
  );
}

interface NodesProps extends Pick<Props, 'shown' | 'selected' | 'onSelect'> {
  graph: Graph<DagStep>;
  drawn: Drawn;
  /** The one step that Tab comes to. */
  stop: string | undefined;
  onFocus: (id: string) => void;
  onKey: (id: string, event: KeyboardEvent) => void;
}

function Nodes({ graph, drawn, shown, selected, stop, ...told }: NodesProps) {
  const nodes = [...graph.nodes.values()];
  const stopped = graph.nodes.has(stop ?? '') ? stop : nodes[0]?.step.id;
  return nodes
    .filter((node) => node.step.id === stopped || meets(node, drawn.part))
    .map((node) => (
      <Node
        key={node.step.id}
        node={node}
        near={drawn.near}
        shown={shown?.get(node.step.id)}
        chosen={node.step.id === selected}
        stop={node.step.id === stopped}
        {...told}
      />
    ));
}
