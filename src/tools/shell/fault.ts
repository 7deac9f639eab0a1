import type { ToolResult } from '#ir/calls.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { type Limits, limitMet, MIB } from '#sandbox/limits.js';
import type { ProcessEnd } from '#sandbox/process.js';

export type Fault = NonNullable<ToolResult['error']>;

export interface FaultInput {
  readonly allowExitCodes: readonly number[];
  /** Of the engine; its reason tells why a step was aborted. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly limits: Limits;
  /** The end of what the process said there. */
  readonly stderr: string;
}

/** What a step failed of, by how its process ended; undefined when it did not fail. */
export function faultOf(end: ProcessEnd, input: FaultInput): Fault | undefined {
  if (end.ended === 'aborted') return { ...asOpsroomError(input.signal.reason).toJSON() };
  if (end.ended === 'timed-out') {
    return { ...new OpsroomError('STEP_TIMEOUT', { where: `${input.timeoutMs} ms` }).toJSON(), retryable: true };
  }
  if (end.ended === 'over-limit') return overLimit('processes', input.limits, 'The command was ended');
  if (end.message !== undefined || end.ended === 'not-started') return failedOnce(end.message ?? 'It did not start.');
  if (end.exitCode !== null && input.allowExitCodes.includes(end.exitCode)) return undefined;
  return faultOfExit(end, input);
}

function faultOfExit(end: ProcessEnd, { limits, stderr }: FaultInput): Fault {
  const how = end.exitCode === null ? `was ended by ${end.killedBy}` : `exited with code ${end.exitCode}`;
  const last = stderr.trimEnd().split('\n').at(-1)?.slice(0, 300);
  const what = last ? `The command ${how}: ${last}` : `The command ${how}.`;
  const met = limitMet(end, last ?? '');
  if (met !== undefined && limits[met] > 0) return overLimit(met, limits, what);
  return { code: 'STEP_FAILED', message: what };
}

/** Another attempt would end the same way. */
function failedOnce(message: string): Fault {
  return { code: 'STEP_FAILED', message, retryable: false };
}

const SETTING = {
  processes: 'OPSROOM_STEP_PROCESSES',
  memoryBytes: 'OPSROOM_STEP_MEMORY_MB',
  fileBytes: 'OPSROOM_STEP_FILE_MB',
} as const satisfies Record<keyof Limits, string>;

function overLimit(met: keyof Limits, limits: Limits, what: string): Fault {
  const words = {
    processes: `a step may have ${limits.processes} processes at once`,
    memoryBytes: `a process may use ${inMib(limits.memoryBytes)} of memory`,
    fileBytes: `a file may have ${inMib(limits.fileBytes)}, and leaves 1 GiB of the disk free`,
  };
  const mend = `Find out what grows without end; or raise ${SETTING[met]} (0: no limit).`;
  const where = words[met];
  return { ...new OpsroomError('STEP_OVER_LIMIT', { what, where, mend }).toJSON(), retryable: false };
}

function inMib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
