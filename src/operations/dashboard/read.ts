import { z } from 'zod';
import type { Database } from '#db/database.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { withinMs } from '../runs/filter.js';
import { type Figure, type FigureName, figure, share, TARGETS } from './figures.js';
import { Remembered } from './remember.js';
import {
  type RunFigures,
  runFigures,
  type StepFigures,
  stepFigures,
  type UptimeFigures,
  uptimeFigures,
} from './store.js';

/** A window, and into how many slices its charts cut it: an hour, six hours, a day each. */
const SLICES = { '24h': 24, '7d': 28, '30d': 30 } as const;
type Window = keyof typeof SLICES;

const ms = z.number().nullable();
const names = Object.keys(TARGETS) as [FigureName, ...FigureName[]];

const dashboard = z.object({
  window: z.enum(['24h', '7d', '30d']),
  from: z.string(),
  /** When it was counted: an answer is kept for 15 seconds. */
  to: z.string(),
  figures: z.array(
    z.object({
      name: z.enum(names),
      /** A share from 0 to 1, or milliseconds; null while there is not enough to tell. */
      value: z.number().nullable(),
      /** Of how many. */
      of: z.int(),
      /** How many are needed before there is a value. */
      enough: z.int(),
      target: z.union([z.object({ over: z.number() }), z.object({ under: z.number() })]),
      met: z.boolean().nullable(),
    }),
  ),
  runs: z.object({ succeeded: z.int(), failed: z.int(), rolledBack: z.int(), asked: z.int() }),
  queue: z.object({ runs: z.int(), p50Ms: ms, p95Ms: ms }),
  verdicts: z.object({ total: z.int(), passed: z.int() }),
  uptime: z.object({ upMinutes: z.int(), downMinutes: z.int(), stoppedMinutes: z.int() }),
  tools: z.array(
    z.object({
      tool: z.string(),
      calls: z.int(),
      failed: z.int(),
      unavailable: z.int(),
      p50Ms: z.number(),
      p95Ms: z.number(),
    }),
  ),
  slices: z.array(
    z.object({
      from: z.string(),
      succeeded: z.int(),
      failed: z.int(),
      rolledBack: z.int(),
      asked: z.int(),
      durationP50Ms: ms,
      durationP95Ms: ms,
      queueP50Ms: ms,
    }),
  ),
});
export type Dashboard = z.infer<typeof dashboard>;

const KEEP_MS = 15_000;
const remembered = new WeakMap<Database, Remembered<Dashboard>>();

export const readDashboard = operation({
  name: 'dashboard.read',
  summary:
    'How well the room does, against its targets: success of runs, durations, verifiers, tools, queue, uptime. docs/dashboard.md defines each number.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ window: z.enum(['24h', '7d', '30d']).default('7d') }),
  output: dashboard,
  run: ({ window }, room) => {
    const known = remembered.get(room.database) ?? new Remembered<Dashboard>(KEEP_MS, room.ports.clock);
    remembered.set(room.database, known);
    return known.get(`${room.org} ${window}`, () => count(window, room));
  },
});

async function count(window: Window, { org, database, ports }: Room): Promise<Dashboard> {
  const to = ports.clock.now();
  const span = { from: new Date(to.getTime() - withinMs(window)), to, slices: SLICES[window] };
  return database.door(org, async (tx) => {
    const runs = await runFigures(tx, org, span);
    const steps = await stepFigures(tx, org, span);
    const uptime = await uptimeFigures(tx, span);
    const whole = runs.find(({ slice }) => slice === null) ?? NOTHING;
    return {
      window,
      from: span.from.toISOString(),
      to: to.toISOString(),
      figures: figuresOf(whole, steps, uptime),
      runs: pick(whole),
      queue: { runs: whole.queued, p50Ms: whole.queueP50, p95Ms: whole.queueP95 },
      verdicts: { total: steps.verdicts, passed: steps.passed },
      uptime: { upMinutes: uptime.up, downMinutes: uptime.down, stoppedMinutes: uptime.stopped },
      tools: steps.tools.map(({ p50, p95, ...tool }) => ({ ...tool, p50Ms: p50, p95Ms: p95 })),
      slices: slicesOf(runs, span),
    };
  });
}

const NOTHING: RunFigures = {
  slice: null,
  succeeded: 0,
  failed: 0,
  rolledBack: 0,
  asked: 0,
  durationP50: null,
  durationP95: null,
  timed: 0,
  queueP50: null,
  queueP95: null,
  queued: 0,
};

const pick = ({ succeeded, failed, rolledBack, asked }: RunFigures) => ({ succeeded, failed, rolledBack, asked });

function figuresOf(runs: RunFigures, steps: StepFigures, { up, down }: UptimeFigures): Figure[] {
  const judged = runs.succeeded + runs.failed + runs.rolledBack;
  const calls = steps.tools.reduce((sum, tool) => sum + tool.calls, 0);
  const unavailable = steps.tools.reduce((sum, tool) => sum + tool.unavailable, 0);
  return [
    figure('runSuccess', share(runs.succeeded, judged), judged),
    figure('runMedianMs', runs.durationP50, runs.timed),
    figure('runP95Ms', runs.durationP95, runs.timed),
    figure('verifierPass', share(steps.passed, steps.verdicts), steps.verdicts),
    figure('toolAvailability', share(calls - unavailable, calls), calls),
    figure('uptime', share(up, up + down), up + down),
  ];
}

/** Every slice, also those in which nothing ended. */
function slicesOf(rows: readonly RunFigures[], { from, to, slices }: { from: Date; to: Date; slices: number }) {
  const width = (to.getTime() - from.getTime()) / slices;
  const known = new Map(rows.map((row) => [row.slice, row]));
  return Array.from({ length: slices }, (_, i) => {
    const row = known.get(i) ?? NOTHING;
    return {
      from: new Date(from.getTime() + i * width).toISOString(),
      ...pick(row),
      durationP50Ms: row.durationP50,
      durationP95Ms: row.durationP95,
      queueP50Ms: row.queueP50,
    };
  });
}
