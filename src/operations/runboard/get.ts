import { z } from 'zod';
import type { Sql } from '#execute/sql.js';
import { OpsroomError } from '#kit/errors.js';
import { latestRoomEvents, roomCursor } from '../events/store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { type BoardFacts, boardOf } from './board.js';
import { BoardMemory } from './memory.js';
import { Recent } from './recent.js';
import { type Runboard, runboardShape } from './shape.js';
import {
  type BoardRun,
  boardLanes,
  boardRuns,
  boardStanding,
  boardWorkers,
  instructions,
  keyHolders,
} from './store.js';

const LATEST_EVENTS = 50;
/** Every step has one of them, and an end that says more. */
const QUIET_EVENTS = ['step.started', 'step.expanded', 'run.signal'];

/** However many look on, the room is read once in so long for all of them. */
const recent = new Recent<Runboard>(200);
const memories = new WeakMap<object, Map<string, BoardMemory>>();

export const runboard = operation({
  name: 'runboard.get',
  summary:
    'Show the room: lanes with their queues, the runs that matter now with their steps, why work waits and what ends it, what needs a person, workers, and the latest events. At most a fifth of a second old.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    minutes: z.int().min(5).max(1440).default(60).describe('How far back runs that have ended are shown.'),
  }),
  output: runboardShape,
  run: ({ minutes }, room) => {
    const nowMs = room.ports.clock.monotonicMs();
    return recent.get(room.database, `${room.org} ${minutes}`, nowMs, () => read(room, minutes));
  },
});

async function read(room: Room, minutes: number): Promise<Runboard> {
  const { org, database } = room;
  const memory = memoryOf(room);
  return boardOf(await database.door(org, (tx) => readFacts(tx, org, minutes, memory)));
}

/** The cursor is read first: what happens in between is told again, and known by its number. */
async function readFacts(tx: Sql, org: string, minutes: number, memory: BoardMemory): Promise<BoardFacts> {
  const cursor = await roomCursor(tx, org);
  const standing = await boardStanding(tx, org, minutes);
  if (!standing) throw new OpsroomError('NOT_FOUND', { what: 'There is no such organisation.', where: org });
  const runs = await boardRuns(tx, org, minutes);
  const keys = runs.flatMap(({ status, concurrency_key: key }) => (status === 'queued' && key !== null ? [key] : []));
  const bars = await memory.barsOf(tx, org, runs);
  const plans = await memory.plansOf(tx, org, runs);
  return {
    minutes,
    cursor,
    standing,
    runs,
    lanes: await boardLanes(tx, org),
    holders: await keyHolders(tx, org, [...new Set(keys)]),
    workers: await boardWorkers(tx),
    instructions: await instructions(tx, org, asking(runs)),
    events: await latestRoomEvents(tx, org, QUIET_EVENTS, LATEST_EVENTS),
    bars,
    plans,
    expected: await memory.expectedOf(tx, org, runs, standing.now.getTime()),
  };
}

const asking = (runs: readonly BoardRun[]): string[] =>
  runs.flatMap(({ id, parked, asking }) => (parked?.code === 'MANUAL' || asking ? [id] : []));

function memoryOf({ database, org }: Room): BoardMemory {
  const organisations = memories.get(database) ?? new Map<string, BoardMemory>();
  memories.set(database, organisations);
  const memory = organisations.get(org) ?? new BoardMemory();
  organisations.set(org, memory);
  return memory;
}
