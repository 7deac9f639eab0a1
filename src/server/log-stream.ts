import type { Hono } from 'hono';
import { followLogBatches } from '#operations/follow-logs.js';
import { authorise, validated } from '#operations/invoke.js';
import { Places } from '#operations/log-places.js';
import type { Room } from '#operations/room.js';
import { requireStep, runLogs } from '#operations/runs/logs.js';
import { readRun } from '#operations/runs/reference.js';
import type { ApiEnv, ApiParts, StreamParts } from './api-parts.js';
import { LOG_STREAM_PATH } from './openapi-events.js';
import { type QueryForm, readQuery } from './request.js';
import { ALIVE, END, eventStream, frame, fullOf, type Reader } from './sse.js';
import { Streams } from './streams.js';

const FOLLOW = { name: 'runs.followLogs', permission: runLogs.permission } as const;
const QUERY = new Map<string, QueryForm>([
  ['step', 'text'],
  ['tail', 'number'],
  ['after', 'text'],
]);
/** Each reads the ledger four times a second for itself, unlike those who watch events. */
const CAPS = { each: 50, all: 100 } as const;

/** `GET /v1/runs/{run}/logs/stream`: what a run prints, as server-sent events, from the same feed as `logs --follow`. */
export function addLogStream(api: Hono<ApiEnv>, parts: StreamParts): void {
  const logs = new Streams(CAPS);
  api.get(LOG_STREAM_PATH.replace('{run}', ':run'), async (context) => {
    const { searchParams } = new URL(context.req.url);
    const { after: begin, ...query } = readQuery(searchParams, QUERY);
    const asked = validated(runLogs.input, { run: context.req.param('run'), ...query });
    const after = context.req.header('last-event-id') || (begin as string | undefined) || undefined;
    void new Places(undefined, after); // a place that is none is refused before the stream begins
    const room = context.get('room');
    authorise(FOLLOW, room);
    const leave = logs.take(`${room.org} ${room.by}`);
    if (!leave) return fullOf(`${CAPS.all} log streams, or ${CAPS.each} of yours,`);
    try {
      const { id, plan } = await readRun(room, asked.run);
      if (asked.step !== undefined) requireStep(plan.steps, asked.step);
      const wanted = { room, run: id, step: asked.step, tail: asked.tail, after };
      return eventStream(context, parts, FOLLOW, (reader) => framesOf(parts, wanted, reader), leave);
    } catch (error) {
      leave();
      throw error;
    }
  });
}

interface Wanted {
  readonly room: Room;
  readonly run: string;
  readonly step: string | undefined;
  readonly tail: number | undefined;
  /** The place of an earlier reader. */
  readonly after: string | undefined;
}

async function* framesOf(
  { hub }: ApiParts,
  { room, run, step, tail, after }: Wanted,
  { gone, quietMs, stillIn }: Reader,
): AsyncGenerator<string> {
  const { clock } = room.ports;
  const signal = AbortSignal.any([gone, hub.stopping]);
  let saidMs = clock.monotonicMs();
  for await (const { lines, place } of followLogBatches(room, run, { step, tail, after, signal })) {
    await stillIn();
    if (lines.length === 0 && clock.monotonicMs() - saidMs < quietMs) continue;
    saidMs = clock.monotonicMs();
    yield lines.length === 0 ? ALIVE : frame(place(), lines);
  }
  if (!hub.closed) yield END;
}
