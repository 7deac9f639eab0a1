import type { JsonValue } from '#ir/json.js';
import type { Verdict } from '#ir/verdict.js';
import type { Unit } from '../decide/units.js';
import type { Held } from '../ports.js';
import type { AttemptRow, Fault } from '../records.js';
import type { RunScope } from '../scope.js';
import type { Called } from './called.js';
import type { Before, Look } from './judge.js';
import type { Permission } from './readied.js';

/** What is known of a unit before its tool is called. */
export type Prepared =
  /** `why`: other than by its condition. */
  | { readonly kind: 'skip'; readonly why?: 'declined' }
  | { readonly kind: 'wait'; readonly args: JsonValue; readonly wakeAt: Date | undefined }
  | { readonly kind: 'refuse'; readonly fault: Fault }
  | {
      readonly kind: 'call';
      readonly args: JsonValue;
      readonly baseline: readonly Look[];
      readonly permitted: Permission | undefined;
    };

/** What a run's flow asks of whoever makes its calls. The engine makes them; a replay reads what came of them. */
export interface Calls {
  /** Takes over what the ledger knows. */
  load(rows: readonly AttemptRow[]): void;
  /** What is known of a unit before its tool is called. Never rejects. */
  prepare(unit: Unit, signal: AbortSignal): Promise<Prepared>;
  /** Calls the tool and lets the verifiers judge. Never rejects. */
  call(unit: Unit, before: Before, outer: AbortSignal): Promise<Called>;
  /** After a crash: do the verifiers prove the attempt that was cut short? */
  proveCut(unit: Unit, before: Before, signal: AbortSignal): Promise<{ proven: boolean; verdicts: Verdict[] }>;
}

/** What the flow knows of a run that its calls are made from. */
export interface Known {
  readonly scope: RunScope;
  /** The element of a forEach's list that an item stands for. */
  element(unit: Unit): JsonValue;
  /** The output of the step that a compensation undoes; undefined for any other unit. */
  undone(unit: Unit): JsonValue | undefined;
  /** A rate holds the unit's call back; null: no more. */
  held(unit: Unit, by: Held | null): void;
}
