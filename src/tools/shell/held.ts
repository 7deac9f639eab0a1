import type { AttemptId } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import type { ProcessEnd } from '#sandbox/process.js';

/** A process that outlives its step. */
export interface Held {
  /** Resolves when it is over, for whatever reason. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends it, and resolves when nothing of it runs any more. */
  end(): Promise<void>;
}

/** The processes in the background that this worker holds, by run and step. */
export class HeldProcesses {
  private readonly runs = new Map<string, Map<string, Held>>();

  /**
   * Starts a process and holds it. One that the same step has left before (an attempt that failed later) is ended first.
   *
   * @param start is given the signal that ends the process
   */
  async hold(id: AttemptId, start: (signal: AbortSignal) => Promise<ProcessEnd>): Promise<Held> {
    const key = `${id.stepId}:${id.item}`;
    await this.runs.get(id.runId)?.get(key)?.end();
    const ending = new AbortController();
    const ended = start(ending.signal);
    const held: Held = {
      ended,
      end: async () => {
        ending.abort(new OpsroomError('INTERRUPTED', { what: 'The run does not need the process any more.' }));
        await ended.catch(() => {});
      },
    };
    // Looked up only now: another step of the run may have become the first, or the last to end, meanwhile.
    const steps = this.runs.get(id.runId) ?? new Map<string, Held>();
    this.runs.set(id.runId, steps.set(key, held));
    const forget = () => this.forget(id.runId, key, held);
    ended.then(forget, forget);
    return held;
  }

  /** Whether a process of the step still runs. */
  holds(id: Pick<AttemptId, 'runId' | 'stepId' | 'item'>): boolean {
    return this.runs.get(id.runId)?.has(`${id.stepId}:${id.item}`) ?? false;
  }

  /** The runs that have a process here. */
  heldRuns(): string[] {
    return [...this.runs.keys()];
  }

  /** Ends all processes of a run. */
  async letGo(runId: string): Promise<void> {
    await Promise.all([...(this.runs.get(runId)?.values() ?? [])].map((held) => held.end()));
  }

  private forget(runId: string, key: string, held: Held): void {
    const steps = this.runs.get(runId);
    if (steps?.get(key) !== held) return;
    steps.delete(key);
    if (steps.size === 0) this.runs.delete(runId);
  }
}
