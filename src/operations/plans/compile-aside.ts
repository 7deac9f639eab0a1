import { setImmediate } from 'node:timers/promises';
import { Turnstile } from '#compile/document/turnstile.js';
import { OpsroomError } from '#kit/errors.js';
import { type Done, Threads } from '#kit/threads.js';
import type { ContractGrounds } from '../made-contracts.js';
import { type AnyCompiled, type Posted, received } from './compiled.js';

/** What the thread is given. */
export interface CompileJob {
  /** A `PlanGiven`, as JSON: it is taken over as one text, however many values it holds. */
  readonly given: string;
  readonly grounds: ContractGrounds;
  /** Where programs of this machine are looked for: the thread has no environment. */
  readonly path: string;
}

const MOST_SECONDS = 60;
const MOST_MEMORY_MB = 512;
const IDLE_MS = 60_000;

const threads = new Threads<CompileJob, Posted>({
  file: threadFile(),
  mostMs: MOST_SECONDS * 1000,
  mostMemoryMb: MOST_MEMORY_MB,
  idleMs: IDLE_MS,
});
/** Each may take that much memory and a core for as long; who comes later waits, with a plan in memory: all the plan files of a project may. */
const compilers = new Turnstile(2, 1000);

/**
 * Compiles in a thread whose time and memory end, while this one goes on.
 * @throws as `compileHere`; OpsroomError PLAN_TOO_LARGE for what takes too much memory; TOO_MANY_REQUESTS while many wait, and for what took too long
 */
export async function compileAside(job: CompileJob): Promise<AnyCompiled> {
  const done = await compilers.pass(() => threads.do(job));
  // To take over a large plan takes a moment, and so does what comes next: others go in between.
  await setImmediate();
  if ('answer' in done) return received(done.answer);
  throw endedError(done.ended);
}

function endedError(ended: Extract<Done<never>, { ended: string }>['ended']): OpsroomError {
  if (ended === 'crash') return new OpsroomError('INTERNAL', { what: 'The thread that compiled the plan has ended.' });
  // Of what the limits let in nothing takes so long by itself: the machine was busy, or slept.
  if (ended === 'late') {
    const what = `It took longer than ${MOST_SECONDS} seconds to compile.`;
    return new OpsroomError('TOO_MANY_REQUESTS', { what, mend: 'Try again when the machine has less to do.' });
  }
  return new OpsroomError('PLAN_TOO_LARGE', { what: `It takes more than ${MOST_MEMORY_MB} MiB of memory to compile.` });
}

/** Node loads no TypeScript into a thread: under the test runner the built file serves. */
function threadFile(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts')
    ? new URL('../../../dist/operations/plans/compile-thread.js', here)
    : new URL('./compile-thread.js', here);
}
