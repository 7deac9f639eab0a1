import '@xyflow/react/dist/base.css';
import {
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Panel,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { Button } from '../button.js';
import type { Shown } from '../state.js';
import { StateIcon } from '../state-icon.js';
import styles from './dag.module.css';
import { type Linked, layout } from './layout.js';

/** A step of the graph; without a state it is one of a plan that nobody runs. */
export interface DagStep extends Linked {
  readonly title: string;
  readonly shown?: Shown | undefined;
}

interface Props {
  steps: readonly DagStep[];
  selected?: string | undefined;
  onSelect: (id: string) => void;
}

const [WIDTH, HEIGHT, GAP_X, GAP_Y] = [132, 28, 44, 16];
/** Told beforehand: otherwise every node is put on the page once to be measured, also the thousand that are out of sight. */
const MEASURED = { width: WIDTH, height: HEIGHT };
const HANDLES = (
  [
    ['target', Position.Left, 0],
    ['source', Position.Right, WIDTH],
  ] as const
).map(([type, position, x]) => ({ type, position, x, y: HEIGHT / 2, width: 1, height: 1 }));
const NODES = { step: StepNode };
type StepNodeData = Node<{ step: DagStep; chosen: boolean }, 'step'>;

/** The steps of a plan and what each waits for. Drag to move, wheel with Ctrl to zoom; Tab and Enter walk the steps. */
export default function Dag(props: Props) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ steps, selected, onSelect }: Props) {
  const flow = useReactFlow();
  // States change often, the shape hardly ever.
  const shape = JSON.stringify(steps.map(({ id, dependsOn }) => ({ id, dependsOn })));
  const places = useMemo(() => layout(JSON.parse(shape) as Linked[]), [shape]);
  const edges = useMemo(() => edgesOf(JSON.parse(shape) as Linked[]), [shape]);
  const nodes = steps.map((step) => nodeOf(step, places.get(step.id) ?? { column: 0, row: 0 }, step.id === selected));
  const fit = () => void flow.fitView({ minZoom: 0.5, maxZoom: 1, padding: 0.08 });
  const reveal = useEffectEvent((id: string) => {
    const place = places.get(id);
    const { x, y, zoom } = flow.getViewport();
    if (!place || steps.length < 12) return;
    const at = { x: place.column * (WIDTH + GAP_X) * zoom + x, y: place.row * (HEIGHT + GAP_Y) * zoom + y };
    if (at.x > 0 && at.y > 0 && at.x < 600 && at.y < 160) return;
    void flow.setCenter(place.column * (WIDTH + GAP_X) + WIDTH / 2, place.row * (HEIGHT + GAP_Y) + HEIGHT / 2, {
      zoom,
    });
  });
  useEffect(() => {
    if (selected !== undefined) reveal(selected);
  }, [selected]);
  return (
    <ReactFlow
      className={styles['dag'] ?? ''}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODES}
      onNodeClick={(_, { id }) => onSelect(id)}
      onSelectionChange={({ nodes: [node] }) => node && node.id !== selected && onSelect(node.id)}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      onlyRenderVisibleElements
      minZoom={0.1}
      maxZoom={1.5}
      zoomOnScroll={false}
      preventScrolling={false}
      fitView
      fitViewOptions={{ minZoom: 0.5, maxZoom: 1, padding: 0.08 }}
      deleteKeyCode={null}
    >
      <Panel position="top-right" className={styles['panel'] ?? ''}>
        <Button look="bare" onClick={fit}>
          Fit
        </Button>
      </Panel>
    </ReactFlow>
  );
}

function nodeOf(step: DagStep, { column, row }: { column: number; row: number }, chosen: boolean): StepNodeData {
  return {
    id: step.id,
    type: 'step',
    position: { x: column * (WIDTH + GAP_X), y: row * (HEIGHT + GAP_Y) },
    width: WIDTH,
    height: HEIGHT,
    measured: MEASURED,
    handles: HANDLES,
    data: { step, chosen },
    ariaLabel: step.shown ? `${step.title}: ${step.shown.word}` : step.title,
  };
}

function edgesOf(steps: readonly Linked[]): Edge[] {
  const known = new Set(steps.map(({ id }) => id));
  return steps.flatMap(({ id, dependsOn }) =>
    dependsOn
      .filter((name) => known.has(name))
      .map((name) => ({ id: `${name} ${id}`, source: name, target: id, selectable: false })),
  );
}

function StepNode({ data: { step, chosen } }: NodeProps<StepNodeData>) {
  const { id, title, shown } = step;
  return (
    <div
      className={`${styles['node']} q-${shown?.look ?? 'queued'}`}
      data-chosen={chosen || undefined}
      data-look={shown?.look ?? 'plan'}
      title={`${title}${shown ? `: ${shown.word}` : ''}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles['handle'] ?? ''} />
      {shown && <StateIcon shown={shown} />}
      <span className="cut mono">{id}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles['handle'] ?? ''} />
    </div>
  );
}
