import type { JsonObject } from '#ir/json.js';
import { invoke } from '#operations/invoke.js';
import { getRun, type RunView } from '#operations/runs/get.js';
import { startRun } from '#operations/runs/start.js';
import { type TestApi, testApi } from './api.js';
import { eventually } from './processes.js';

/** A room with a worker, in which templates run. */
export interface TemplateRoom {
  readonly api: TestApi;
  /** A run at its end. */
  ended(run: string): Promise<RunView>;
  /** Runs a template to its end. */
  run(template: string, inputs: JsonObject): Promise<RunView>;
  close(): Promise<void>;
}

const ENDED = ['succeeded', 'failed', 'rolled_back', 'cancelled', 'waiting'];

/** @param env more of the worker's environment: PATH, secrets */
export async function templateRoom(env: Readonly<Record<string, string>>): Promise<TemplateRoom> {
  const api = await testApi({ env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...env } });
  const worker = await api.open.startWorker('all');
  const show = (run: string) => invoke(getRun, { run }, api.room);
  const ended = async (run: string) => {
    await eventually(async () => ENDED.includes((await show(run)).status), 60_000);
    return show(run);
  };
  return {
    api,
    ended,
    run: async (template, inputs) => {
      const { runId } = await invoke(startRun, { plan: { template }, inputs }, api.room);
      return ended(runId);
    },
    close: async () => {
      await worker.drain(0);
      await api.close();
    },
  };
}

/** What became of each step, for a failing test to show. */
export const story = ({ status, error, steps }: RunView): string =>
  JSON.stringify(
    {
      status,
      error,
      steps: steps.map(({ id, status, word, error, verdicts }) => [id, status, word, error?.message, verdicts]),
    },
    null,
    1,
  );
