import { z } from 'zod';
import { readDashboard } from '../dashboard/read.js';
import { operation } from '../operation.js';

const number = z.number().nullable();

export const aiMetrics = operation({
  name: 'ai.metrics',
  summary:
    'Give the numbers of the room for a window: success of runs, durations, queue, verifiers, tools, uptime. A number that is null has too little behind it.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ window: z.enum(['24h', '7d', '30d']).default('24h') }),
  output: z.object({
    window: z.string(),
    from: z.string(),
    to: z.string(),
    runs: z.object({ succeeded: z.int(), failed: z.int(), rolledBack: z.int(), successRate: number }),
    durations: z.object({ medianMs: number, p95Ms: number, queueMedianMs: number, queueP95Ms: number }),
    verifiers: z.object({ total: z.int(), passed: z.int(), passRate: number }),
    tools: z.array(
      z.object({ tool: z.string(), calls: z.int(), failed: z.int(), p50Ms: z.number(), p95Ms: z.number() }),
    ),
    uptime: z.object({ rate: number, upMinutes: z.int(), downMinutes: z.int() }),
    /** The product's own targets that are missed. */
    missed: z.array(z.string()),
  }),
  run: async ({ window }, room) => {
    const { from, to, figures, runs, queue, verdicts, uptime, tools } = await readDashboard.run({ window }, room);
    const value = (name: (typeof figures)[number]['name']) => figures.find((one) => one.name === name)?.value ?? null;
    const { succeeded, failed, rolledBack } = runs;
    return {
      window,
      from,
      to,
      runs: { succeeded, failed, rolledBack, successRate: value('runSuccess') },
      durations: {
        medianMs: value('runMedianMs'),
        p95Ms: value('runP95Ms'),
        queueMedianMs: queue.p50Ms,
        queueP95Ms: queue.p95Ms,
      },
      verifiers: { ...verdicts, passRate: value('verifierPass') },
      tools: tools.map(({ tool, calls, failed: bad, p50Ms, p95Ms }) => ({ tool, calls, failed: bad, p50Ms, p95Ms })),
      uptime: { rate: value('uptime'), upMinutes: uptime.upMinutes, downMinutes: uptime.downMinutes },
      missed: figures.filter(({ met }) => met === false).map(({ name }) => name),
    };
  },
});
