import type { z } from 'zod';
import type { Permission } from '#identity/permissions.js';
import type { Room } from './room.js';

/** SHA-256, hex, of what a call changed. */
export interface Digests {
  readonly before?: string;
  readonly after?: string;
}

/** One use case, once, for every door. The order in each door: authenticate → validate → authorise → run → present. */
export interface Operation<I = unknown, O = unknown, R = Room> {
  /** Dotted, stable: `runs.start`. Doors derive their names from it. */
  readonly name: string;
  /** One sentence, ≤ 300 characters. */
  readonly summary: string;
  /** What a principal must hold to use it. */
  readonly permission: Permission;
  /** Writes anything. The audit log notes every call of such an operation, refused ones too. */
  readonly changes: boolean;
  /** Changes something outside the room, or cannot be undone. */
  readonly consequential: boolean;
  /**
   * What the audit log says of a call that went well beside who, where and about what: digests of what was there before and after.
   * `itself`: the operation's own entry says all of that, so that the call gets none.
   */
  readonly audited?: 'itself' | ((input: unknown, output: unknown) => Digests);
  /** What is given may hold a secret: the audit log keeps no digest of it, since a short one could be guessed from that. */
  readonly secretInput?: true;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  /** @param room what it works with: most need the whole */
  run(input: I, room: R): Promise<O>;
}

/** Keeps the types of one operation while it sits in the registry. */
export function operation<I, O, R = Room>(definition: Operation<I, O, R>): Operation<I, O, R> {
  return definition;
}
