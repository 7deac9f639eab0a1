import { OpsroomError } from '#kit/errors.js';
import { type Fate, TurnRefused } from '../ledger/commit.js';
import type { Turn } from '../records.js';
import type { Result } from './flow.js';
import type { Memory } from './memory.js';

export interface SalvageParts {
  /** What the ledger knows of the run at this moment. */
  recall(): Promise<Memory>;
  /** See `Committer.submit`. */
  submit(turn: Turn): Promise<Fate>;
}

/**
 * The server refused a turn: nothing of it is in the ledger. Begins anew from there, with the calls that are over
 * committed one by one, so that only the one that cannot be stored fails.
 *
 * @param results by unit key
 * @param refusal what the server said
 * @throws OpsroomError INTERRUPTED when the run was lost meanwhile
 */
export async function salvage(
  results: ReadonlyMap<string, Result>,
  refusal: string,
  parts: SalvageParts,
): Promise<Memory> {
  let memory = await parts.recall();
  for (const [key, result] of results) {
    if (memory.flow.state.units.get(key)?.phase !== 'unknown') continue;
    if (await stored(memory, key, result, parts)) continue;
    memory = await parts.recall();
    await stored(memory, key, unstorable(key, result, refusal), parts);
  }
  return memory;
}

/** Whether the server took it. */
async function stored({ flow, journal }: Memory, key: string, result: Result, parts: SalvageParts): Promise<boolean> {
  const unit = flow.state.units.get(key);
  if (!unit) return true;
  flow.called(unit, result);
  const fate = await parts.submit(journal.turn.take()).catch((error: unknown) => error);
  if (fate === 'held') return true;
  if (fate instanceof TurnRefused) return false;
  throw new OpsroomError('INTERRUPTED', { what: 'The run was lost.', cause: fate });
}

function unstorable(key: string, result: Result, refusal: string): Result {
  const what = `The output of step ${key} cannot be stored: ${refusal}`;
  const fault = new OpsroomError('OUTPUT_REFUSED', { what }).toJSON();
  const failed = {
    ok: false,
    interrupted: false,
    retryable: false,
    output: null,
    verdicts: [],
    word: 'failed',
  } as const;
  return { ...result, called: { ...result.called, ...failed, fault } };
}
