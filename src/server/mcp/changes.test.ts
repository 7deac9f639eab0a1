import type { ServerEvent } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { changesIn, RoomChanges, type Told } from './changes.js';

const event = (run: string, type: string) => ({ run, type });

test('however much has happened to a run, each address of it is told once', () => {
  const told = changesIn([event('r', 'step.started'), event('r', 'step.done'), event('i', 'intent.approved')]);
  expect(told).toEqual(
    [
      'opsroom://runs/r',
      'opsroom://runs/r/log',
      'opsroom://runs/r/proof',
      'opsroom://intents/i',
      'opsroom://status',
    ].map((uri) => ({ kind: 'resource_updated', uri })),
  );
});

test('a run that is new changes the list, and nothing changes where nothing happened', () => {
  expect(changesIn([event('r', 'run.created')])).toContainEqual({ kind: 'resources_list_changed' });
  expect(changesIn([])).toEqual([]);
});

test('whoever subscribes is told until it leaves, and the watch ends with it', async () => {
  let ended = false;
  async function* watch(signal: AbortSignal): AsyncGenerator<Told> {
    yield { kind: 'quiet' };
    yield { kind: 'events', events: [event('r', 'run.created')] as never };
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
    ended = true;
  }
  const heard: ServerEvent[] = [];
  const changes = new RoomChanges(watch);
  const leave = await new Promise<() => void>((resolve) => {
    const off = changes.subscribe((told) => {
      heard.push(told);
      if (told.kind === 'resources_list_changed') resolve(off);
    });
  });
  leave();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  changes.publish({ kind: 'tools_list_changed' });
  expect([ended, heard.length]).toEqual([true, 5]);
});
