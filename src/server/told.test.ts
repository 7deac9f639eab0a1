import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '#operations/room.js';
import type { ApiEnv, StreamParts } from './api-parts.js';
import { readResource } from './mcp/resources.js';
import { ALIVE, eventStream } from './sse.js';
import { Streams } from './streams.js';

const fault = () => new OpsroomError('USAGE', { what: 'There is no /srv/app/ops.md.' });

function roomOf(kind: 'agent' | 'user'): Room {
  const room = { org: 'o', by: 'x', project: '/srv/app', principal: { kind }, origin: { channel: 'mcp' } };
  const ports = { clock: { monotonicMs: () => 0 } };
  const fail = () => {
    throw fault();
  };
  const database = new Proxy({}, { get: fail });
  return { ...room, ports, database } as unknown as Room;
}

async function streamed(kind: 'agent' | 'user'): Promise<string> {
  const app = new Hono<ApiEnv>();
  const parts = { streams: new Streams({ each: 1, all: 1 }) } as unknown as StreamParts;
  app.get('/', (context) => {
    context.set('room', roomOf(kind));
    return eventStream(context, parts, { name: 'x', permission: 'runs:read' } as never, async function* () {
      yield ALIVE;
      throw fault();
    });
  });
  return (await app.request('/')).text();
}

test('a stream that breaks off tells agents of files from the project on, and people of the whole path', async () => {
  expect(await streamed('agent')).toContain('There is no ops.md.');
  expect(await streamed('user')).toContain('There is no /srv/app/ops.md.');
});

test('a resource that cannot be read names files from the project on', async () => {
  await expect(readResource(roomOf('agent'), 'opsroom://runs/0192/plan')).rejects.toThrow('There is no ops.md.');
});
