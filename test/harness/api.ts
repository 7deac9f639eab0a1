import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Database } from '#db/database.js';
import type { Permission } from '#identity/permissions.js';
import { loadConfig } from '#kit/config.js';
import type { Logger } from '#observe/log.js';
import { type Entrance, openEntrance } from '#operations/enter.js';
import { EventHub } from '#operations/events/hub.js';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { openPeople } from '#operations/people/people.js';
import type { Room } from '#operations/room.js';
import { receive } from '#operations/webhooks/receive.js';
import { type OpenRoom, openRoom } from '#operations/wire.js';
import { createApp } from '#server/app.js';
import { type TestDatabase, testDatabase } from './database.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; throws when it is not. */
  readonly body: () => Record<string, unknown>;
}

/** The HTTP door of a real room on a database of its own, without a socket and without a worker. */
export interface TestApi {
  readonly db: TestDatabase;
  readonly open: OpenRoom;
  readonly room: Room;
  readonly app: Hono;
  readonly hub: EventHub;
  /** The credential of this machine. */
  readonly local: string;
  readonly localFile: string;
  /** Every line that was logged. */
  readonly logged: string[];
  /** The room on behalf of whoever presents this, as the door lets them in. */
  readonly enter: Entrance['enter'];
  /** A new API key. */
  key(...scopes: Permission[]): Promise<string>;
  /** Asks as this machine unless other headers say otherwise; a body goes as JSON. */
  ask(method: string, path: string, init?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  close(): Promise<void>;
}

export interface TestApiOptions {
  readonly heartbeatMs?: number;
  readonly counted?: () => void;
  /** More of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function testApi(options: TestApiOptions = {}): Promise<TestApi> {
  const db = await testDatabase();
  const home = await mkdtemp(join(tmpdir(), 'opsroom-api-'));
  const logged: string[] = [];
  const log = logInto(logged);
  const config = loadConfig({ ...options.env, DATABASE_URL: db.url, OPSROOM_HOME: home, OPSROOM_HOST: 'here' });
  const opened = await openRoom(config, home, log);
  const open = counting(opened, options.counted);
  const people = openPeople(open.room, config.signIn, () => config.signIn.publicUrl ?? 'http://localhost');
  const entrance = await openEntrance(open.room, people);
  const local = (await readFile(entrance.file, 'utf8')).trim();
  const hub = new EventHub(open.room);
  const app = createApp({
    hub,
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
    version: '1.2.3',
    log,
    ready: () => Promise.resolve({ ready: true, database: 'ok', worker: 'ok', policies: 'ok' }),
    loopback: true,
    enter: (presented) => entrance.enter(presented),
    refused: (code, address) => open.room.calls.stranger(open.room.org, address, code),
    people,
    receive: (posted) => receive(open.room, posted),
    publicUrl: config.signIn.publicUrl,
  });
  let keys = 0;
  return {
    db,
    open,
    room: open.room,
    app,
    hub,
    local,
    localFile: entrance.file,
    logged,
    enter: (presented) => entrance.enter(presented),
    key: async (...scopes) => (await invoke(createKey, { name: `key-${++keys}`, scopes }, open.room)).key,
    ask: (method, path, init = {}) =>
      ask(app, method, path, { ...init, headers: { 'x-api-key': local, ...init.headers } }),
    close: async () => {
      await hub.close();
      await entrance.close();
      await open.close();
      await db.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The room with every transaction of a door counted. */
function counting(open: OpenRoom, counted: () => void = () => undefined): OpenRoom {
  const { database } = open.room;
  const door: Database['door'] = (org, work) => {
    counted();
    return database.door(org, work);
  };
  return { ...open, room: { ...open.room, database: { ...database, door } } };
}

async function ask(
  app: Hono,
  method: string,
  path: string,
  { body, headers }: { body?: unknown; headers: Record<string, string> },
): Promise<Answer> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await app.request(path, { method, ...sent, headers: { host: 'localhost', ...type, ...headers } });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: () => JSON.parse(text) as Record<string, unknown>,
  };
}

function logInto(lines: string[]): Logger {
  const note = (fields: object, message: string) => {
    const { err } = fields as { err?: unknown };
    lines.push(`${message} ${err instanceof Error ? err.stack : ''} ${JSON.stringify(fields)}`);
  };
  const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log };
  return log;
}
