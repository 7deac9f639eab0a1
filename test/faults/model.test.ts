import { expect, test } from 'vitest';
import {
  actions,
  atRest,
  type Bounds,
  begin,
  type Declared,
  type Flaw,
  transition,
  violation,
  type World,
} from './model.js';

interface Explored {
  readonly states: number;
  readonly broken: string | undefined;
  /** A state from which the run never comes to rest, whatever happens. */
  readonly stuck: string | undefined;
}

const SMALL: Bounds = { workers: 2, steps: 2, crashes: 1, deposals: 1, losses: 1, pauses: 1 };

const key = (world: World) => JSON.stringify(world);

/** Visits every state that can be reached; of a broken one it tells the shortest way there. */
function explore(bounds: Bounds, declared: Declared, flaw?: Flaw): Explored {
  const start = begin(bounds);
  const way = new Map([[key(start), '']]);
  const back = new Map<string, string[]>();
  const resting: string[] = [];
  const queue = [start];
  for (let world = queue.shift(); world; world = queue.shift()) {
    const from = key(world);
    const broken = violation(world, declared);
    if (broken) return { states: way.size, broken: `${broken}: ${way.get(from)}`, stuck: undefined };
    if (atRest(world)) resting.push(from);
    for (const [name, next] of actions(world, declared, flaw)) {
      const illegal = next.run !== world.run && transition(world.run, next.run) === undefined;
      if (illegal)
        return { states: way.size, broken: `illegal change by "${name}": ${way.get(from)}`, stuck: undefined };
      const to = key(next);
      back.set(to, [...(back.get(to) ?? []), from]);
      if (way.has(to)) continue;
      way.set(to, `${way.get(from)} → ${name}`);
      queue.push(next);
    }
  }
  return { states: way.size, broken: undefined, stuck: unreached(way, back, resting) };
}

/** Walks backwards from the states of rest: what it does not come by can never come to rest. */
function unreached(
  way: ReadonlyMap<string, string>,
  back: ReadonlyMap<string, string[]>,
  resting: readonly string[],
): string | undefined {
  const seen = new Set(resting);
  const queue = [...resting];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (const before of back.get(state) ?? []) {
      if (seen.has(before)) continue;
      seen.add(before);
      queue.push(before);
    }
  }
  for (const [state, path] of way) if (!seen.has(state)) return path;
  return undefined;
}

test.each([[[false, false]], [[true, true]], [[true, false]]])(
  'in every state that two workers can bring about, the invariants hold and rest can be reached (%j)',
  (declared) => {
    const explored = explore(SMALL, declared);
    expect(explored).toMatchObject({ broken: undefined, stuck: undefined });
    expect(explored.states).toBeGreaterThan(1000);
  },
);

test('so they do with three workers and two deaths', () => {
  const bounds = { workers: 3, steps: 1, crashes: 2, deposals: 1, losses: 0, pauses: 0 };
  expect(explore(bounds, [false])).toMatchObject({ broken: undefined, stuck: undefined });
});

test.each<[Flaw, RegExp]>([
  ['no fence', /done twice|effect twice|illegal|without effect/],
  ['blind redo', /effect twice/],
  ['take without release', /illegal change by "w\d takes"/],
  ['pause consumed early', /pausing/],
])('a flaw that is built in is found: %s', (flaw, found) => {
  expect(explore(SMALL, [false, false], flaw).broken).toMatch(found);
});

test('a change of the row that no part of the engine makes is named illegal', () => {
  const running = { status: 'running', epoch: 2, owner: 'w' } as const;
  expect(transition({ status: 'released', epoch: 1, owner: null }, running)).toBe('take');
  expect(transition({ status: 'released', epoch: 1, owner: null }, { ...running, epoch: 1 })).toBeUndefined();
  expect(transition(running, { ...running, epoch: 3, owner: 'other' })).toBeUndefined();
  expect(transition(running, { ...running, owner: 'other' })).toBeUndefined();
  expect(
    transition({ status: 'succeeded', epoch: 2, owner: null }, { status: 'released', epoch: 3, owner: null }),
  ).toBeUndefined();
});
