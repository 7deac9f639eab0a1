/** What the steps of `examples/crash.yaml` left in the world outside. */
export interface World {
  /** Steps with their effects, counted: step → how often it was made. */
  readonly effects: ReadonlyMap<string, number>;
  /** Step → how often its script began. */
  readonly begun: ReadonlyMap<string, number>;
}

/**
 * Reads the world's files: `effects` holds an idempotency key (`run:step:item:revision`) a line, `begun` a step's id. Pure.
 */
export function readWorld(effects: string, begun: string): World {
  const keys = linesOf(effects).map((key) => key.split(':')[1] ?? key);
  return { effects: count(keys), begun: count(linesOf(begun)) };
}

/** Steps whose effect was not made exactly once. Pure. */
export function wrongSteps(world: World, steps: readonly string[]): string[] {
  return steps.filter((step) => world.effects.get(step) !== 1);
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

function count(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
