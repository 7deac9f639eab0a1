import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import { z } from 'zod';
import { authorise, validated } from '#operations/invoke.js';
import { attemptAsked, ofAttempt } from '#operations/logs/attempt.js';
import { logText } from '#operations/logs/text.js';
import { runLogs } from '#operations/runs/logs.js';
import { openRunArtefact } from '#operations/steps/artefact.js';
import type { ApiEnv } from './api-parts.js';
import { referenceOf } from './events.js';
import { ARTEFACT_PATH, LOG_TEXT_PATH } from './openapi-downloads.js';
import { type QueryForm, readQuery } from './request.js';

const ARTEFACT = { name: 'runs.artefact', permission: runLogs.permission } as const;
const LOG_TEXT = { name: 'runs.logText', permission: runLogs.permission } as const;
const LOG_QUERY = new Map<string, QueryForm>([
  ['step', 'text'],
  ['item', 'number'],
  ['revision', 'number'],
  ['attempt', 'number'],
]);
const logAsked = z.strictObject(ofAttempt);
const artefactAsked = z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/, 'it is a SHA-256 in hex') });

/** Files of a run. Whatever a step wrote, a browser keeps it as a file: nothing of it is ever shown as a page. */
export function addDownloads(api: Hono<ApiEnv>): void {
  api.get(honoPath(ARTEFACT_PATH), async (context) => {
    const room = context.get('room');
    authorise(ARTEFACT, room);
    const { digest } = validated(artefactAsked, { digest: context.req.param('digest') });
    const { name, size, stream } = await openRunArtefact(room, referenceOf(context), digest);
    const headers = { ...asFile(name, 'application/octet-stream'), 'content-length': String(size) };
    if (context.req.method === 'HEAD') {
      stream.destroy(); // nobody reads it, so its file would stay open
      return new Response(null, { headers });
    }
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { headers });
  });
  api.get(honoPath(LOG_TEXT_PATH), async (context) => {
    const room = context.get('room');
    authorise(LOG_TEXT, room);
    const query = readQuery(new URL(context.req.url).searchParams, LOG_QUERY);
    const asked = validated(logAsked, { run: referenceOf(context), ...query });
    const id = await attemptAsked(room, asked);
    const unit = asked.item < 0 ? asked.step : `${asked.step}-${asked.item}`;
    const name = `${id.runId.slice(-8)}-${unit.replaceAll('/', '-')}-${asked.attempt}.log`;
    const body = Readable.toWeb(Readable.from(bytesOf(logText(room, id)))) as ReadableStream<Uint8Array>;
    return new Response(body, {
      headers: asFile(name, 'text/plain; charset=utf-8'),
    });
  });
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text);
}

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Names of steps and artefacts are ids: no quote, no line feed. */
function asFile(name: string, type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
  };
}
