import { type Context, createContext, Script } from 'node:vm';

const CALL = new Script('work()', { filename: 'bounded' });
/** Made once: it takes a millisecond. */
let context: Context | undefined;

/** How often the time is doubled for work that did not get it. */
const DOUBLINGS = 3;
/** Of its time on the clock: no machine gives all of it. */
const HAD_IT = 0.8;

/**
 * Does synchronous work that somebody else decides the length of, and ends it after `ms`. Where the process had little processor time
 * meanwhile, the work was not what took long: it is begun anew with twice the time on the clock, three times at most. So on a machine
 * that gives nothing it takes fifteen times `ms` until it is given up; where processor time is to be had, little more than `ms`.
 *
 * What the work changed until it was ended stays changed: it must keep to itself, and bear to be done again.
 *
 * The script is constant; nothing of the work is read as code. One piece of work at a time, which it is: it is synchronous.
 *
 * @param ms of the clock; the processor time is that of all threads, since a thread's own is not told by every Node
 * @returns undefined when the time was up
 * @throws what the work throws
 */
export function bounded<T>(ms: number, work: () => T): { readonly value: T } | undefined {
  for (let doublings = 0; doublings <= DOUBLINGS; doublings += 1) {
    const before = process.cpuUsage();
    const done = within(ms * 2 ** doublings, work);
    if (done !== undefined) return done;
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 >= HAD_IT * ms) return undefined;
  }
  return undefined;
}

function within<T>(ms: number, work: () => T): { readonly value: T } | undefined {
  context ??= createContext({});
  const outer: unknown = context['work'];
  context['work'] = work;
  try {
    return { value: CALL.runInContext(context, { timeout: ms }) as T };
  } catch (error) {
    // Of the context's own kind of Error, which `instanceof` does not know.
    if ((error as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    context['work'] = outer;
  }
}
