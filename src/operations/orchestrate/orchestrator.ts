import type { JsonObject } from '#ir/json.js';
import { hasEnded } from '#ir/state.js';
import { sleep } from '#kit/clock.js';
import { loadConfig } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '../invoke.js';
import { readByKind, type SourceNamed } from '../plans/by-kind.js';
import type { ReadPlan } from '../plans/file.js';
import { openRoomLog } from '../room-log.js';
import { type Driving, driveRun, restartedAs } from '../runs/advance.js';
import { getRun, type RunView } from '../runs/get.js';
import { cancelRun, pauseRun, resumeRun } from '../runs/signals.js';
import { startRun } from '../runs/start.js';
import { type OpenRoom, openRoom } from '../wire.js';
import { type OrchestratorState, type Planned, stateOf } from './state.js';

/** What an orchestrator works through. */
export interface Work extends SourceNamed {
  /** Values for the plan's inputs. */
  readonly context?: JsonObject | undefined;
  /** The folder whose room it works in, where plans are named from as well. Absolute. */
  readonly folder: string;
  /** A person has seen what a task list, a document or a runbook that nobody has reviewed becomes. */
  readonly seen: boolean;
}

const LOOK_MS = 150;
const MOST_LOGS = 1000;
const DRAIN_MS = 10_000;

/** Works through one plan in the room of a folder, by this process, within its policies. */
export class OrchestratorAtWork {
  /** Kept before anything is waited for: two who ask at once have one room. */
  #preparing: Promise<void> | undefined;
  #open: OpenRoom | undefined;
  #plan: ReadPlan | undefined;
  #run: RunView | undefined;
  #driving: Driving | undefined;
  /** Stopping what drove it: its worker is stopped once. */
  #leaving: Promise<void> | undefined;
  #starting: Promise<OrchestratorState> | undefined;
  #watching: Promise<void> | undefined;
  #logs: string[] = [];
  #at = new Date();

  constructor(private readonly work: Work) {}

  /** Compiles the plan and opens the room. Repeating it changes nothing. @throws as `readByKind` and opening a room */
  async initialize(): Promise<OrchestratorState> {
    const preparing = (this.#preparing ??= this.#prepare());
    try {
      await preparing;
    } catch (error) {
      if (this.#preparing === preparing) this.#preparing = undefined;
      throw error;
    }
    return this.state();
  }

  async #prepare(): Promise<void> {
    this.#plan ??= await readByKind(this.work);
    this.#open ??= await openFolder(this.work.folder);
  }

  /** Begins the run; resolves once it is acknowledged. @throws OpsroomError APPROVAL_NEEDED, DENIED, INPUT_INVALID and the like */
  async start(): Promise<OrchestratorState> {
    if (this.#starting || this.#watching)
      throw new OpsroomError('NOT_ALLOWED_NOW', { what: 'It has been started already.' });
    // Kept before anything is waited for: two calls at once are one run.
    this.#starting = this.#begin();
    try {
      return await this.#starting;
    } finally {
      this.#starting = undefined;
    }
  }

  async #begin(): Promise<OrchestratorState> {
    await this.initialize();
    const { room } = this.#opened();
    const asked = { plan: this.#plan?.given, inputs: this.work.context ?? {}, seen: this.work.seen };
    const { runId } = await invoke(startRun, asked, room);
    this.#note(`Run ${runId} began.`);
    await this.#look(runId);
    this.#watching = this.#watch(runId).catch((error: unknown) => {
      this.#note(error instanceof Error ? error.message : String(error));
    });
    return this.state();
  }

  state(): OrchestratorState {
    const planned: Planned | undefined = this.#plan && {
      goal: this.#plan.plan.title,
      tasks: this.#plan.plan.steps.map(({ id, title }) => ({ id, title, status: 'pending' })),
    };
    return stateOf(planned, this.#run, { logs: [...this.#logs], at: this.#at });
  }

  pause = (): Promise<OrchestratorState> => this.#signal(pauseRun);
  resume = (): Promise<OrchestratorState> => this.#signal(resumeRun);

  /** Cancels the run unless it has ended, waits for its end, and leaves the room. */
  async stop(): Promise<OrchestratorState> {
    await this.#started();
    if (this.#run && !hasEnded(this.#run.status)) await this.#signal(cancelRun);
    await this.finished();
    return this.state();
  }

  /** Resolves once the run has ended, and leaves the room. */
  async finished(): Promise<OrchestratorState> {
    await this.#started();
    await this.#watching;
    // A run that has ended ends what drives it.
    await this.#leaving;
    // What is still being opened is left as well.
    await this.#preparing?.catch(() => undefined);
    const open = this.#open;
    this.#open = undefined;
    this.#preparing = undefined;
    this.#driving = undefined;
    await open?.close();
    return this.state();
  }

  /** A run that is on its way is waited for, so that nobody leaves the room before it and its cancelling find it. */
  async #started(): Promise<void> {
    // Whoever started it hears why it did not.
    await this.#starting?.catch(() => undefined);
  }

  async #signal(operation: typeof pauseRun): Promise<OrchestratorState> {
    const { room } = this.#opened();
    if (!this.#run) throw new OpsroomError('NOT_ALLOWED_NOW', { what: 'It has not been started.' });
    await invoke(operation, { run: this.#run.runId, reason: 'asked by the program' }, room);
    await this.#look(this.#run.runId);
    return this.state();
  }

  /** Until the run has ended, and those that its plan starts in its place. */
  async #watch(first: string): Promise<void> {
    for (let id: string | undefined = first; id !== undefined; ) {
      const run = await this.#look(id);
      if (hasEnded(run.status)) {
        id = run.status === 'cancelled' ? undefined : await restartedAs(this.#opened().room, id);
        continue;
      }
      await this.#drive(run);
      await sleep(LOOK_MS);
    }
  }

  /** A paused run is given back; whoever resumes it drives it anew. */
  async #drive({ runId, status }: RunView): Promise<void> {
    if (this.#driving || status === 'paused' || status === 'waiting') return;
    const driving = await driveRun(this.#opened(), runId);
    this.#driving = driving;
    const over = async () => {
      await driving.stop(DRAIN_MS);
      this.#driving = undefined;
    };
    this.#leaving = driving.done.then(over, over).catch((error: unknown) => this.#note(String(error)));
  }

  async #look(runId: string): Promise<RunView> {
    const before = this.#run;
    const run = await invoke(getRun, { run: runId }, this.#opened().room);
    if (run.status !== before?.status) this.#note(`The run is ${run.status}.`);
    for (const { id, status } of run.steps)
      if (status !== 'pending' && status !== before?.steps.find((step) => step.id === id)?.status)
        this.#note(`${id}: ${status}`);
    this.#run = run;
    return run;
  }

  #opened(): OpenRoom {
    if (this.#open) return this.#open;
    throw new OpsroomError('NOT_ALLOWED_NOW', { what: 'It is not initialized, or has left its room.' });
  }

  #note(words: string): void {
    this.#at = new Date();
    this.#logs = [...this.#logs, `${this.#at.toISOString()} ${words}`].slice(-MOST_LOGS);
  }
}

async function openFolder(folder: string): Promise<OpenRoom> {
  const config = loadConfig();
  const { log, learn } = await openRoomLog(config, folder);
  return openRoom(config, folder, log, learn);
}
