import type { Asked, ToolResult } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';
import type { ArtefactRef } from '#ir/proof.js';
import { stepWord, type Verdict, type VerdictWord } from '#ir/verdict.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import type { Mask } from '#observe/redact.js';
import type { Fault } from '../records.js';
import { faultIn } from './told.js';

/** What a call came to. `interrupted`: ended from outside, nobody knows how far it came. */
export interface Called {
  readonly ok: boolean;
  readonly interrupted: boolean;
  readonly fault: Fault | null;
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
  /** The tool asks something of a person before it goes on. */
  readonly asks: Asked | undefined;
  readonly output: JsonValue;
  readonly verdicts: readonly Verdict[];
  readonly word: VerdictWord;
  readonly isolation: string;
  readonly logDigest: string | null;
  readonly artefacts: readonly ArtefactRef[];
}

/** Anything thrown as what the ledger stores and people read. */
export const faultOf = (thrown: unknown): Fault => asOpsroomError(thrown, 'STEP_FAILED').toJSON();

/** What came of a tool that answered, once its verifiers have judged. */
export function answered(
  result: ToolResult,
  verdicts: readonly Verdict[],
  outer: AbortSignal,
  mask: Mask,
): Omit<Called, 'output' | 'logDigest' | 'artefacts'> {
  const against = verdicts.find((v) => v.required && !v.passed);
  const ok = result.ok && !against;
  const interrupted = !ok && outer.aborted;
  return {
    ok,
    interrupted,
    fault: ok ? null : interrupted ? faultOf(outer.reason) : against ? verifierFault(against) : toolFault(result, mask),
    retryable: against ? undefined : result.error?.retryable,
    retryAfterMs: result.retryAfterMs,
    asks: ok || interrupted || result.asks === undefined ? undefined : masked(result.asks, mask),
    verdicts,
    word: ok ? stepWord(verdicts) : 'failed',
    isolation: result.isolation,
  };
}

/** What came of a call that threw, or was ended from outside. `isolation`: that of the call, or that it would have had. */
export function broken(
  error: unknown,
  outer: AbortSignal,
  { mask, isolation, logDigest }: Pick<Called, 'isolation' | 'logDigest'> & { readonly mask: Pick<Mask, 'json'> },
): Called {
  return {
    ok: false,
    interrupted: outer.aborted,
    fault: mask.json(faultOf(outer.aborted ? outer.reason : error)),
    retryable: undefined,
    retryAfterMs: undefined,
    asks: undefined,
    output: null,
    verdicts: [],
    word: 'failed',
    isolation,
    logDigest,
    artefacts: [],
  };
}

const masked = (asked: Asked, mask: Mask): Asked => mask.json(asked as unknown as JsonValue) as unknown as Asked;

function verifierFault(verdict: Verdict): Fault {
  const what = `Verifier "${verdict.verifierId}" did not pass: ${faultIn(verdict.summary)}`;
  return new OpsroomError('VERIFIER_FAILED', { what }).toJSON();
}

function toolFault(result: ToolResult, mask: Mask): Fault {
  const fault = new OpsroomError('STEP_FAILED', {
    what: mask.text(result.error?.message ?? 'The tool failed.'),
  }).toJSON();
  return { ...fault, code: mask.text(result.error?.code ?? fault.code) };
}
