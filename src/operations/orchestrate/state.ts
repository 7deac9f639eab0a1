import { hasEnded, type RunStatus } from '#ir/state.js';
import type { RunView } from '../runs/get.js';

/** Where an orchestrator stands, in the words of its library. */
export interface OrchestratorState {
  /** The title of the plan. */
  readonly goal: string;
  readonly tasks: readonly { readonly id: string; readonly title: string; readonly status: string }[];
  readonly completedTasks: number;
  readonly totalTasks: number;
  /** From 0 to 100. */
  readonly overallProgress: number;
  readonly currentPhase: 'planning' | 'ready' | 'execution' | 'paused' | 'waiting' | 'completed' | 'failed' | 'stopped';
  /** It goes on without anybody; false while it waits for a person. */
  readonly isAutonomous: boolean;
  /** Which part of the steps that are done is proven, from 0 to 1. */
  readonly confidence: number;
  readonly isRunning: boolean;
  readonly runId: string | null;
  /** The latest last, at most 1000. */
  readonly logs: readonly string[];
  readonly lastUpdated: string;
}

/** What is known before there is a run. */
export type Planned = Pick<OrchestratorState, 'goal' | 'tasks'>;

const PHASES: Readonly<Record<RunStatus, OrchestratorState['currentPhase']>> = {
  queued: 'execution',
  released: 'execution',
  running: 'execution',
  waiting: 'waiting',
  pausing: 'paused',
  paused: 'paused',
  succeeded: 'completed',
  failed: 'failed',
  rolled_back: 'failed',
  cancelled: 'stopped',
};

/** The state of an orchestrator from the run that it started; without one, of its plan. */
export function stateOf(
  planned: Planned | undefined,
  run: RunView | undefined,
  { logs, at }: { readonly logs: readonly string[]; readonly at: Date },
): OrchestratorState {
  const tasks = run ? run.steps.map(({ id, title, status }) => ({ id, title, status })) : (planned?.tasks ?? []);
  const { done, total } = run?.progress ?? { done: 0, total: tasks.length };
  const finished = run?.steps.filter(({ status }) => status === 'done') ?? [];
  const proven = finished.filter(({ word }) => word === 'proven').length;
  return {
    goal: run?.title ?? planned?.goal ?? '',
    tasks,
    completedTasks: done,
    totalTasks: total,
    overallProgress: total === 0 ? 0 : Math.floor((done / total) * 100),
    currentPhase: run ? PHASES[run.status] : planned ? 'ready' : 'planning',
    isAutonomous: run?.status !== 'waiting',
    confidence: finished.length === 0 ? 0 : proven / finished.length,
    isRunning: run !== undefined && !hasEnded(run.status) && run.status !== 'paused',
    runId: run?.runId ?? null,
    logs,
    lastUpdated: at.toISOString(),
  };
}
