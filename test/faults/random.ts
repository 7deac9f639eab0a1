/** mulberry32: small, fast, and the same everywhere for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of this run: OPSROOM_FAULT_SEED replays one. Printed, so that a failure can be replayed. */
export function faultSeed(): number {
  const seed = Number(process.env['OPSROOM_FAULT_SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`OPSROOM_FAULT_SEED=${seed}\n`);
  return seed;
}

/** How often random scenarios repeat: `npm run test:faults` sets more. */
export const ROUNDS = Number(process.env['OPSROOM_FAULT_ROUNDS'] ?? 1);

export const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
